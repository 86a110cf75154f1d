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

/** Whether `name` is that of Databricks' CLI. */
function isDatabricks(name: string | undefined): boolean {
  return /^databricks(\.exe)?$/i.test(name ?? "");
}

/**
 * Whether to behave as Databricks' CLI. On Linux a library must be loaded to find the name of the link by which
 * fob was called. For a token that is skipped if there are no Databricks profiles.
 */
async function actsAsDatabricks(isToken: boolean, context: CommandContext): Promise<boolean> {
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

/** Selects the fast path or the full program, runs the command, and returns its exit code. `keyring`: already open. */
export async function run(
  argv: readonly string[],
  keyring: KeyringLibraries | undefined,
): Promise<number> {
  const token = readTokenArguments(argv);
  const context = buildContext(argv, version, keyring);
  if (token !== undefined) {
    if (await actsAsDatabricks(true, context)) return await runAsDatabricks(argv, context);
    const run = (): Promise<number> => runTokenAs(argv, token, context);
    return await reported(() => watched(run, token.output, context), token.output, context);
  }
  const call = await readHelperCall(argv, findName);
  if (call !== undefined) {
    // The arguments of a tool are not options of fob, and a helper must not prompt.
    const silent = buildContext(
      ["--no-input", ...call.options.verbose ? ["--verbose"] : []],
      version,
      keyring ?? await connectEarly(),
    );
    const { runHelper } = await import("../cli/tools/helper.ts");
    return await reported(() => runHelper(call, silent), "text", silent);
  }
  if (await actsAsDatabricks(false, context)) return await runAsDatabricks(argv, context);
  const { run } = await import("../cli/program.ts");
  return await run(argv, context);
}

/** Gets a token. If that fails under the name of Databricks' CLI, its command tree runs and reports the error. */
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

/** Calls `run`, and shows its progress on a terminal. */
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

/** Calls `run`, reports its error, and returns the exit code. */
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
