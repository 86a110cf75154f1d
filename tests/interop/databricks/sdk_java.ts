import { StillRunning } from "../../acceptance/runner/program.ts";
import {
  conclude,
  filesOnPath,
  parse,
  readAnswer,
  Rejected,
  run,
  type SdkOutcome,
  type SdkSetup,
  tokenWords,
  type Version,
} from "./sdk_caller.ts";

/** Imitates the Java SDK (CliTokenSource and DatabricksCliCredentialsProvider of v0.149.0). */
export function callAsJava(setup: SdkSetup): Promise<SdkOutcome> {
  return conclude(async () => {
    const cli = await find(setup);
    const words = tokenWords(setup, await version(cli, setup));
    if (words === undefined) throw new Rejected("neither profile nor host is set", false);
    const argv = [cli, ...words];
    const { code, stdout, stderr } = await run(inShell(argv), setup);
    if (code !== 0) throw new Rejected(`cannot get access token: ${stderr}`, isNext(stderr));
    const answer = readAnswer(stdout, ["access_token", "token_type", "expiry"], false);
    const token = answer.access_token;
    checkScopes(token, setup);
    return { kind: "token", token, expiresAt: expiry(answer.expiry, setup), argv };
  });
}

/** Whether the error means "not installed" or "not signed in". */
function isNext(stderr: string): boolean {
  return stderr.includes("not found") || stderr.includes("databricks OAuth is not");
}

/** A configured path is used unchanged. A file from PATH must be large enough. */
async function find(setup: SdkSetup): Promise<string> {
  const { cliPath } = setup;
  if (cliPath !== undefined) return cliPath;
  const found = await filesOnPath("databricks", setup);
  const whole = found.find(({ size }) => size >= 1024 * 1024);
  if (whole !== undefined) return whole.path;
  throw new Rejected("Databricks CLI could not be found", true);
}

/** The words are joined by spaces without quoting, and parsed by a shell. */
function inShell(argv: readonly string[]): string[] {
  return ["/bin/bash", "-c", argv.join(" ")];
}

/** `undefined` if the version is not printed in time, or for a build without a version. */
async function version(cli: string, setup: SdkSetup): Promise<Version | undefined> {
  const argv = [cli, "version", "--output", "json", "2>&1"];
  try {
    const { code, stdout } = await run(inShell(argv), setup, setup.probeLimit ?? 5000);
    const { Major, Minor, Patch } = code === 0 ? parse(stdout) ?? {} : {};
    const parts = [Major, Minor, Patch].filter((it) => Number.isInteger(it)).map(Number);
    const [major, minor, patch] = parts;
    if (major === undefined || minor === undefined || patch === undefined) return undefined;
    return parts.some((part) => part > 0) ? [major, minor, patch] : undefined;
  } catch (error) {
    if (error instanceof StillRunning) return undefined;
    throw error;
  }
}

/** A time with an offset, or with a space and without an offset, in the time zone of the program. */
function expiry(text: string, { env }: SdkSetup): number {
  try {
    if (/^\S+T\S+(Z|[+-]\d\d:\d\d)$/.test(text)) {
      return Temporal.Instant.from(text).epochMilliseconds;
    }
    if (/^\S+ \d\d:\d\d:\d\d(\.\d{1,9})?$/.test(text)) {
      const local = Temporal.PlainDateTime.from(text.replace(" ", "T"));
      return local.toZonedDateTime(env["TZ"] ?? "UTC").epochMilliseconds;
    }
  } catch {
    // Not a date.
  }
  throw new Rejected(`Text '${text}' could not be parsed`, false);
}

/** If scopes are configured, a token with a scope claim must have the same scopes. */
function checkScopes(token: string, { scopes, isForced = false }: SdkSetup): void {
  const [, claims, signature] = token.split(".");
  if (scopes === undefined || claims === undefined || signature === undefined) return;
  const bytes = Uint8Array.fromBase64(claims, { alphabet: "base64url" });
  const scope = parse(new TextDecoder().decode(bytes))?.["scope"];
  if (typeof scope !== "string") return;
  if (named(scope.split(/\s+/)) !== named(scopes.names)) {
    throw new Rejected(`Token issued by Databricks CLI has scopes ${scope}`, !isForced);
  }
}

/** `offline_access` is ignored in the comparison. */
function named(scopes: readonly string[]): string {
  return [...new Set(scopes)].filter((name) => name !== "offline_access").sort().join(" ");
}
