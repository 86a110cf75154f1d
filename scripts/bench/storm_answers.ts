/** What a process of a storm got. */
export interface StormAnswer {
  /** When it was started, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly token: string;
  /** When the token was issued, milliseconds since the epoch. */
  readonly issuedAt: number;
}

/** Milliseconds that a token of the server lives. */
const lifetime = 3_600_000;
/** Milliseconds by which the kernel's word for the start of a process may differ. */
const tick = 10;

/** Reads what `fob auth token` said to the process that was started then. */
export function readAnswer(startedAt: number, stdout: string): StormAnswer {
  const { access_token, expiry } = JSON.parse(stdout) as { access_token: string; expiry: string };
  return { startedAt, token: access_token, issuedAt: Date.parse(expiry) - lifetime };
}

/** Throws unless all are the same. */
export function requireOneToken(tokens: readonly string[]): void {
  if (new Set(tokens).size > 1) {
    throw new Error("The processes of a storm got several tokens");
  }
}

/**
 * Throws unless each has a token that the server takes and that was issued after the process was started, and there
 * are no more of them than `refreshes`. Who was started after a forced refresh has ended rightly forces another.
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
