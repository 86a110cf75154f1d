import settings from "../../deno.json" with { type: "json" };
import type { KeyringLibraries } from "../../ffi/libsecret.ts";
import { readTokenArguments, runToken, type TokenArguments } from "../cli/auth/token.ts";
import type { World } from "../cli/context.ts";
import { readHelperCall } from "../cli/tools/helper_call.ts";
import type { OutputForm } from "../cli/ui/output_format.ts";
import { databricksConfigPath } from "../databricks/paths.ts";
import { nameOf, nativePath } from "../system/files/paths.ts";
import { connectEarly } from "./early.ts";
import { findName } from "./process.ts";
import { buildWorld } from "./world.ts";

/** Whether this is what Databricks' tools take for their own command line. */
function isDatabricks(name: string | undefined): boolean {
  return /^databricks(\.exe)?$/i.test(name ?? "");
}

/**
 * Whether to answer as Databricks' CLI does. By which link it was called, costs a library on Linux, so that a
 * token is handed out without asking where no file of Databricks' says that somebody could want one of those.
 */
async function speaksDatabricks(isToken: boolean, world: World): Promise<boolean> {
  if (isDatabricks(nameOf(Deno.execPath()))) return true;
  return (!isToken || hasDatabricksProfiles(world)) && isDatabricks(await world.calledAs());
}

function hasDatabricksProfiles({ environment }: World): boolean {
  try {
    return Deno.statSync(nativePath(databricksConfigPath(environment))).isFile;
  } catch {
    return false;
  }
}

async function runAsDatabricks(argv: readonly string[], world: World): Promise<number> {
  const { runDatabricks } = await import("../cli/databricks/program.ts");
  return await runDatabricks(argv, world);
}

/** Picks the way through the program, and runs one command: its exit code. `keyring`: what there is of it already. */
export async function run(
  argv: readonly string[],
  keyring: KeyringLibraries | undefined,
): Promise<number> {
  const token = readTokenArguments(argv);
  const world = buildWorld(argv, settings.version, keyring);
  if (token !== undefined) {
    if (await speaksDatabricks(true, world)) return await runAsDatabricks(argv, world);
    const run = (): Promise<number> => runTokenAs(argv, token, world);
    return await reported(() => watched(run, token.output, world), token.output, world);
  }
  const call = await readHelperCall(argv, findName);
  if (call !== undefined) {
    // Nothing that a tool says is an option of fob's, and nobody is to be asked.
    const silent = buildWorld(
      ["--no-input", ...call.options.verbose ? ["--verbose"] : []],
      settings.version,
      keyring ?? await connectEarly(),
    );
    const { runHelper } = await import("../cli/tools/helper.ts");
    return await reported(() => runHelper(call, silent), "text", silent);
  }
  if (await speaksDatabricks(false, world)) return await runAsDatabricks(argv, world);
  const { run } = await import("../cli/program.ts");
  return await run(argv, world);
}

/** Who was called as Databricks' command line tells what went wrong as that does. */
async function runTokenAs(
  argv: readonly string[],
  token: TokenArguments,
  world: World,
): Promise<number> {
  try {
    await runToken(token, world);
    return 0;
  } catch (error) {
    if (isDatabricks(await world.calledAs())) return await runAsDatabricks(argv, world);
    throw error;
  }
}

/** Does `run`; a person who is watching is shown that it takes its time. */
async function watched(
  run: () => Promise<number>,
  form: OutputForm | undefined,
  world: World,
): Promise<number> {
  const { canDraw, outputIsTerminal } = world.terminal;
  if (!canDraw || !outputIsTerminal) return await run();
  const { withProgress } = await import("../cli/ui/progress.ts");
  return await withProgress("Getting a token", run, world, form);
}

/** The exit code of `run`, which nothing else reports the errors of. */
async function reported(
  run: () => Promise<number>,
  form: OutputForm = "text",
  { terminal }: World,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const { reportError } = await import("../cli/ui/report.ts");
    return reportError(error, form, terminal);
  }
}
