/**
 * Picks the way through the program, runs one command, and ends the process. The only place that does that:
 * a native call that was given up on keeps a process alive until `Deno.exit`.
 */
import { readTokenArguments, runToken, type TokenArguments } from "./src/cli/auth_token.ts";
import { readHelperCall } from "./src/cli/helper_call.ts";
import type { OutputForm } from "./src/cli/output_form.ts";
import type { World } from "./src/cli/world.ts";
import { prepareKeychain } from "./src/composition/prepare.ts";
import { findName } from "./src/composition/process.ts";
import { buildWorld } from "./src/composition/world.ts";
import { databricksConfigPath } from "./src/credentials/databricks_paths.ts";
import { nameOf, nativePath } from "./src/system/paths.ts";
import settings from "./deno.json" with { type: "json" };

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
  const { runDatabricks } = await import("./src/cli/databricks/program.ts");
  return await runDatabricks(argv, world);
}

async function main(argv: readonly string[]): Promise<number> {
  const token = readTokenArguments(argv);
  const world = buildWorld(argv, settings.version);
  if (token !== undefined) {
    await prepareKeychain(world);
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
    );
    await prepareKeychain(silent);
    const { runHelper } = await import("./src/cli/helper.ts");
    return await reported(() => runHelper(call, silent), "text", silent);
  }
  if (await speaksDatabricks(false, world)) return await runAsDatabricks(argv, world);
  const { run } = await import("./src/cli/program.ts");
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
  const { withProgress } = await import("./src/cli/progress.ts");
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
    const { reportError } = await import("./src/cli/report.ts");
    return reportError(error, form, terminal);
  }
}

Deno.exit(await main(Deno.args));
