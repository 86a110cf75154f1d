import { type Run, runProgram, StillRunning } from "../../acceptance/runner/program.ts";

/**
 * The configuration of a program that uses a Databricks SDK. The SDKs run the Databricks CLI, or a
 * replacement, to get tokens.
 */
export interface SdkSetup {
  /** `databricks_cli_path`. If it is absent or has no "/", PATH is searched. */
  readonly cliPath?: string;
  readonly profile?: string;
  /** The SDKs also read the host of the profile. */
  readonly host?: string;
  /** The account ID of an account host. */
  readonly accountId?: string;
  /** Scopes from the code of the program or from the profile. */
  readonly scopes?: { readonly names: readonly string[]; readonly isCode: boolean };
  /** Whether `auth_type = databricks-cli`, so that no other way of authenticating is tried. */
  readonly isForced?: boolean;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Time limit of Python and Java for the version in milliseconds, default 5000. */
  readonly probeLimit?: number;
  /** Time limit of a test for the CLI in milliseconds. The SDKs have none. */
  readonly patience?: number;
}

/** The result of the SDK. */
export type SdkOutcome =
  /** It uses `token` from the command `argv` until `expiresAt`, in milliseconds since the epoch. */
  | {
    readonly kind: "token";
    readonly token: string;
    readonly expiresAt: number;
    readonly argv: readonly string[];
  }
  /** It tries other ways of authentication, and finally reports that none is configured. */
  | { readonly kind: "next"; readonly why: string }
  /** The program ends with this error. */
  | { readonly kind: "error"; readonly why: string }
  | { readonly kind: "hung" };

/** An error of the CLI, and whether the SDK treats it as "not configured". */
export class Rejected extends Error {
  override readonly name = "Rejected";
  readonly isNext: boolean;

  constructor(why: string, isNext: boolean) {
    super(why);
    this.isNext = isNext;
  }
}

/** Runs `ask` and returns the result of the SDK. */
export async function conclude(
  ask: () => Promise<SdkOutcome>,
): Promise<SdkOutcome> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StillRunning) return { kind: "hung" };
    if (!(error instanceof Rejected)) throw error;
    return { kind: error.isNext ? "next" : "error", why: error.message };
  }
}

/** Major, minor and patch. */
export type Version = readonly [number, number, number];

/** The arguments of the CLI to get a token; `undefined` without a profile and a host. */
export function tokenWords(setup: SdkSetup, version: Version | undefined): string[] | undefined {
  const { profile, host, accountId } = setup;
  const account = accountId === undefined ? [] : ["--account-id", accountId];
  const byHost = host === undefined ? undefined : ["--host", host, ...account];
  const takesProfile = profile !== undefined && isAtLeast(version, [0, 207, 1]);
  const wanted = takesProfile ? ["--profile", profile] : byHost;
  if (wanted === undefined) return undefined;
  const force = isAtLeast(version, [0, 296, 0]) ? ["--force-refresh"] : [];
  return ["auth", "token", ...wanted, ...force];
}

function isAtLeast(version: Version | undefined, least: Version): boolean {
  if (version === undefined) return false;
  const different = version.findIndex((part, index) => part !== least[index]);
  return different < 0 || (version[different] ?? 0) > (least[different] ?? 0);
}

/** The files with that name on PATH, in order, with their sizes in bytes. Links are followed. */
export async function filesOnPath(
  name: string,
  { env }: SdkSetup,
): Promise<{ path: string; size: number }[]> {
  const found: { path: string; size: number }[] = [];
  for (const directory of (env["PATH"] ?? "").split(":")) {
    const path = `${directory}/${name}`;
    const { isFile, size } = await Deno.stat(path).catch(() => ({ isFile: false, size: 0 }));
    if (isFile) found.push({ path, size });
  }
  return found;
}

/** Runs the CLI with the time limit of the test, or `limit` in milliseconds. */
export function run(argv: readonly string[], setup: SdkSetup, limit?: number): Promise<Run> {
  const { env, patience = 60_000 } = setup;
  return runProgram(argv, { cwd: env["HOME"] ?? "/", env, limit: limit ?? patience });
}

/** Parses the response of the CLI, which must have the string members `keys`.
 *
 * @throws {Rejected} otherwise. */
export function readAnswer<Key extends string>(
  stdout: string,
  keys: readonly Key[],
  isNext: boolean,
): Record<Key, string> {
  const answer = parse(stdout);
  if (answer === undefined) throw new Rejected("cannot parse CLI response", isNext);
  const missing = keys.find((key) => typeof answer[key] !== "string" || answer[key] === "");
  if (missing !== undefined) throw new Rejected(`no "${missing}" in CLI response`, isNext);
  return answer as Record<Key, string>;
}

/** Parses a text that is exactly one JSON object. */
export function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
