import {
  conclude,
  filesOnPath,
  readAnswer,
  Rejected,
  run,
  type SdkOutcome,
  type SdkSetup,
  tokenWords,
  type Version,
} from "./sdk_caller.ts";

const leastSize = 1024 * 1024;

/** Imitates the Go SDK (config/cli_token_source.go of v0.175.0). Any error means "not configured". */
export function callAsGo(setup: SdkSetup): Promise<SdkOutcome> {
  const isNext = setup.isForced !== true;
  return conclude(async () => {
    if (setup.scopes?.isCode) {
      throw new Rejected("custom scopes are not supported with databricks-cli auth", isNext);
    }
    const cli = await find(setup, isNext);
    const words = tokenWords(setup, await version(cli, setup));
    if (words === undefined) throw new Rejected("neither profile nor host is set", isNext);
    const { code, stdout, stderr } = await run([cli, ...words], setup);
    if (code !== 0) {
      throw new Rejected(`cannot get access token: ${stderr.trim()}: exit status ${code}`, isNext);
    }
    const answer = readAnswer(stdout, ["access_token", "expiry"], isNext);
    const expiresAt = expiry(answer.expiry);
    if (expiresAt === undefined) {
      throw new Rejected(`cannot parse expiry "${answer.expiry}"`, isNext);
    }
    return { kind: "token", token: answer.access_token, expiresAt, argv: [cli, ...words] };
  });
}

/** The size is checked for every path. Links are not resolved. */
async function find(setup: SdkSetup, isNext: boolean): Promise<string> {
  const { cliPath = "databricks" } = setup;
  const found = cliPath.includes("/") ? await named(cliPath) : await filesOnPath(cliPath, setup);
  const whole = found.find(({ size }) => size >= leastSize);
  if (whole !== undefined) return whole.path;
  if (found.length === 0) throw new Rejected("databricks CLI not found", isNext);
  throw new Rejected("legacy databricks CLI detected; upgrade to >= 0.100.0", isNext);
}

async function named(path: string): Promise<{ path: string; size: number }[]> {
  const { isFile, size } = await Deno.stat(path).catch(() => ({ isFile: false, size: 0 }));
  return isFile ? [{ path, size }] : [];
}

/** `undefined` if the version is unknown, which selects the flags of an old CLI. There is no time limit. */
async function version(cli: string, setup: SdkSetup): Promise<Version | undefined> {
  const { code, stdout } = await run([cli, "version"], setup);
  const [, major, minor, patch, before] =
    /^Databricks CLI v(\d+)\.(\d+)\.(\d+)(-[\w.-]+)?(?:\+[\w.-]+)?$/.exec(stdout.trim()) ?? [];
  if (code !== 0 || patch === undefined) return undefined;
  // A pre-release comes before its release, semver 2.0.0 section 11.
  return [Number(major), Number(minor), Number(patch) - (before === undefined ? 0 : 0.5)];
}

/** RFC 3339, or with a space instead of "T", which means UTC. */
function expiry(text: string): number | undefined {
  const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
  const spaced = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})?$/;
  const iso = spaced.test(text) ? `${text.replace(" ", "T")}Z` : text;
  const time = rfc3339.test(iso) ? Date.parse(iso) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
