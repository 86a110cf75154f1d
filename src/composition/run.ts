import type { KeyringLibraries } from "../../ffi/libsecret.ts";
import { readTokenArguments, runToken, type TokenArguments } from "../cli/auth/token.ts";
import type { CommandContext } from "../cli/context.ts";
import { readHelperCall } from "../cli/tools/helper_call.ts";
import type { OutputForm } from "../cli/ui/output_format.ts";
import { databricksConfigPath } from "../databricks/paths.ts";
import { nameOf, nativePath } from "../system/files/paths.ts";
import { buildContext } from "./context.ts";
import { connectEarly } from "./early.ts";
import { findName } from "./process.ts";
import { version } from "./version.ts";

/** Whether this is what Databricks' tools take for their own command line. */
function isDatabricks(name: string | undefined): boolean {
  return /^databricks(\.exe)?$/i.test(name ?? "");
}

/**
 * Whether to answer as Databricks' CLI does. By which link it was called, costs a library on Linux, so that a
 * token is handed out without asking where no file of Databricks' says that somebody could want one of those.
 */
async function speaksDatabricks(isToken: boolean, context: CommandContext): Promise<boolean> {
  if (isDatabricks(nameOf(Deno.execPath()))) return true;
  return (!isToken || hasDatabricksProfiles(context)) &&
    isDatabricks(await context.machine.calledAs());
}

function hasDatabricksProfiles({ system: { environment } }: CommandContext): boolean {
  try {
    return Deno.statSync(nativePath(databricksConfigPath(environment))).isFile;
  } catch {
    return false;
  }
}

async function runAsDatabricks(argv: readonly string[], context: CommandContext): Promise<number> {
  const { runDatabricks } = await import("../cli/databricks/program.ts");
  return await runDatabricks(argv, context);
}

/** Picks the way through the program, and runs one command: its exit code. `keyring`: what there is of it already. */
export async function run(
  argv: readonly string[],
  keyring: KeyringLibraries | undefined,
): Promise<number> {
  const token = readTokenArguments(argv);
  const context = buildContext(argv, version, keyring);
  if (token !== undefined) {
    if (await speaksDatabricks(true, context)) return await runAsDatabricks(argv, context);
    const run = (): Promise<number> => runTokenAs(argv, token, context);
    return await reported(() => watched(run, token.output, context), token.output, context);
  }
  const call = await readHelperCall(argv, findName);
  if (call !== undefined) {
    // Nothing that a tool says is an option of fob's, and nobody is to be asked.
    const silent = buildContext(
      ["--no-input", ...call.options.verbose ? ["--verbose"] : []],
      version,
      keyring ?? await connectEarly(),
    );
    const { runHelper } = await import("../cli/tools/helper.ts");
    return await reported(() => runHelper(call, silent), "text", silent);
  }
  if (await speaksDatabricks(false, context)) return await runAsDatabricks(argv, context);
  const { run } = await import("../cli/program.ts");
  return await run(argv, context);
}

/** Who was called as Databricks' command line tells what went wrong as that does. */
async function runTokenAs(
  argv: readonly string[],
  token: TokenArguments,
  context: CommandContext,
): Promise<number> {
  try {
    await runToken(token, context);
    return 0;
  } catch (error) {
    if (isDatabricks(await context.machine.calledAs())) return await runAsDatabricks(argv, context);
    throw error;
  }
}

/** Does `run`; a person who is watching is shown that it takes its time. */
async function watched(
  run: () => Promise<number>,
  form: OutputForm | undefined,
  context: CommandContext,
): Promise<number> {
  const { canDraw, outputIsTerminal } = context.io.terminal;
  if (!canDraw || !outputIsTerminal) return await run();
  const { withProgress } = await import("../cli/ui/progress.ts");
  return await withProgress("Getting a token", run, context, form);
}

/** The exit code of `run`, which nothing else reports the errors of. */
async function reported(
  run: () => Promise<number>,
  form: OutputForm = "text",
  { io: { terminal } }: CommandContext,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const { reportError } = await import("../cli/ui/report.ts");
    return reportError(error, form, terminal);
  }
}
