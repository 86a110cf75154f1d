import { exitCode, FobError } from "../../errors.ts";
import type { CommandContext } from "../context.ts";
import { unexpected } from "../ui/report.ts";
import { type CommandLine, type CommandName, helpText, readCommandLine } from "./command_line.ts";
import { messageOf } from "./errors.ts";

/**
 * Runs a command like Databricks' CLI, with its flags, texts and exit codes, which are 0 and 1.
 *
 * Behavior that its documentation and tests do not promise, and its defects, are not imitated.
 */
export async function runDatabricks(
  argv: readonly string[],
  context: CommandContext,
): Promise<number> {
  try {
    const line = readCommandLine(argv);
    if (line.command === undefined || line.flags.help) {
      context.io.terminal.answer(helpText(line.command));
    } else await (await commands[line.command]())(line, context);
    return 0;
  } catch (error) {
    const known = error instanceof FobError ? error : unexpected(error);
    context.io.terminal.say(`Error: ${messageOf(known)}`);
    return known.code === "interrupted" ? exitCode("interrupted") : 1;
  }
}

type Run = (line: CommandLine, context: CommandContext) => Promise<void>;

/** The commands. Each is loaded when it is run, because SDKs wait for a token. */
const commands: Readonly<Record<CommandName, () => Promise<Run>>> = {
  "auth describe": async () => (await import("./describe.ts")).runDescribe,
  "auth env": async () => (await import("./env.ts")).runEnv,
  "auth login": async () => (await import("./login.ts")).runLogin,
  "auth logout": async () => (await import("./logout.ts")).runLogout,
  "auth profiles": async () => (await import("./profiles.ts")).runProfiles,
  "auth switch": async () => (await import("./switch.ts")).runSwitch,
  "auth token": async () => (await import("./token.ts")).runToken,
  "configure": async () => (await import("./configure.ts")).runConfigure,
  "version": () => Promise.resolve(runVersion),
};

/** Prints JSON only with the flag: `DATABRICKS_OUTPUT_FORMAT` must not hide the version from an SDK. */
async function runVersion({ flags }: CommandLine, context: CommandContext): Promise<void> {
  const { printVersion } = await import("../machine/version.ts");
  await printVersion(flags.output === "json" ? { output: "json" } : {}, context);
}
