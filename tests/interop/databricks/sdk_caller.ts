import { type Run, runProgram, StillRunning } from "../../acceptance/runner/program.ts";

/**
 * What a program that uses a Databricks SDK has configured. The SDKs run the Databricks CLI, or what
 * is in its place, to get tokens.
 */
export interface SdkSetup {
  /** `databricks_cli_path`. Without a "/" in it, or where it is absent, PATH is searched. */
  readonly cliPath?: string;
  readonly profile?: string;
  /** Also that of the profile, which the SDKs read for themselves. */
  readonly host?: string;
  /** Of an account host. */
  readonly accountId?: string;
  /** Names that were set in the code of the program, or in the profile. */
  readonly scopes?: { readonly names: readonly string[]; readonly isCode: boolean };
  /** Whether `auth_type = databricks-cli`, so that no other way of authenticating is tried. */
  readonly isForced?: boolean;
  /** All of the program's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds that Python and Java wait for the version, 5000 by default. */
  readonly probeLimit?: number;
  /** Milliseconds after which a test takes the CLI to hang; the SDKs would wait for ever. */
  readonly patience?: number;
}

/** What the SDK concludes. */
export type SdkOutcome =
  /** It sends `token`, asked for with `argv`, until `expiresAt`, in milliseconds since the epoch. */
  | {
    readonly kind: "token";
    readonly token: string;
    readonly expiresAt: number;
    readonly argv: readonly string[];
  }
  /** It tries other ways of authenticating, and says at last that none is configured. */
  | { readonly kind: "next"; readonly why: string }
  /** The program ends with this error. */
  | { readonly kind: "error"; readonly why: string }
  | { readonly kind: "hung" };

/** Why an SDK cannot use the CLI, and whether it takes that for "not configured". */
export class Rejected extends Error {
  override readonly name = "Rejected";
  readonly isNext: boolean;

  constructor(why: string, isNext: boolean) {
    super(why);
    this.isNext = isNext;
  }
}

/** Runs `ask` to its conclusion. */
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

/** The words after the CLI's name that ask for a token; `undefined` where nothing can be asked. */
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

/** The files that PATH names, in its order, with their sizes in bytes through links. */
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

/** Runs the CLI, for as long as a test is patient, or for `limit` milliseconds. */
export function run(argv: readonly string[], setup: SdkSetup, limit?: number): Promise<Run> {
  const { env, patience = 60_000 } = setup;
  return runProgram(argv, { cwd: env["HOME"] ?? "/", env, limit: limit ?? patience });
}

/** What the CLI answered, with all of `keys` in it as text; throws {@link Rejected}. */
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

/** A JSON object, and nothing beside it. */
export function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
