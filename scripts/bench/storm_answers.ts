/** Answer to one process of a storm. */
export interface StormAnswer {
  /** When it was started, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly token: string;
  /** When the token was issued, milliseconds since the epoch. */
  readonly issuedAt: number;
}

/** Lifetime of a token of the server, in milliseconds. */
const lifetime = 3_600_000;
/** Tolerance of the process start time that the kernel reports, in milliseconds. */
const tick = 10;

/** Parses the output of `fob auth token`, run by a process that started at that time. */
export function readAnswer(startedAt: number, stdout: string): StormAnswer {
  const { access_token, expiry } = JSON.parse(stdout) as { access_token: string; expiry: string };
  return { startedAt, token: access_token, issuedAt: Date.parse(expiry) - lifetime };
}

/** Throws unless all answers are the same. */
export function requireOneToken(tokens: readonly string[]): void {
  if (new Set(tokens).size > 1) {
    throw new Error("The processes of a storm got several tokens");
  }
}

/**
 * Throws unless every token is valid at the server, was issued after its process started, and there are at most
 * `refreshes` different tokens. A process that starts after a forced refresh ended forces another one.
 */
export function requireNewTokens(
  answers: readonly StormAnswer[],
  refreshes: number,
  server: { readonly isActive: (token: string) => boolean },
): void {
  const foreign = answers.filter(({ token }) => !server.isActive(token));
  if (foreign.length > 0) throw new Error("A forced refresh gave a token that the server refuses");
  const old = answers.filter(({ startedAt, issuedAt }) => issuedAt < startedAt - tick);
  if (old.length > 0) throw new Error("A forced refresh gave a token from before the process");
  if (new Set(answers.map(({ token }) => token)).size > refreshes) {
    throw new Error("A forced storm has more tokens than the server was asked for");
  }
}
