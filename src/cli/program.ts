import { Command, CommanderError, Option } from "@commander-js/extra-typings";
import { addEnv } from "./auth/env.ts";
import { askFirstLogin } from "./auth/first_login.ts";
import { addLogin } from "./auth/login.ts";
import { addLogout } from "./auth/logout.ts";
import { addProfiles } from "./auth/profiles.ts";
import { addStatus } from "./auth/status.ts";
import { addSwitch } from "./auth/switch.ts";
import { addToken } from "./auth/token_command.ts";
import { addCompletions } from "./completions/command.ts";
import type { CommandContext } from "./context.ts";
import { groupHelp, helpStyle, rootHelp, topicHelp } from "./help.ts";
import { addDoctor } from "./machine/doctor.ts";
import { addStorage } from "./machine/storage.ts";
import { addVersion } from "./machine/version.ts";
import { globalOptions } from "./options.ts";
import { overview } from "./overview.ts";
import { addApi } from "./run/api.ts";
import { addExec } from "./run/exec.ts";
import { addLease } from "./run/lease.ts";
import { addConnect } from "./tools/connect.ts";
import { addHelper } from "./tools/helper_command.ts";
import { addMigrate } from "./tools/migrate.ts";
import { outputForm } from "./ui/output_format.ts";
import { reportError } from "./ui/report.ts";
import { assertHelpExists, usageError } from "./usage_error.ts";

/** Runs the command of `argv`, reports an error if it fails, and returns the exit code. */
export async function run(argv: readonly string[], context: CommandContext): Promise<number> {
  const { words, rest } = splitAtDashes(argv);
  let code = 0;
  const program = buildProgram(context, rest, (given) => void (code = given));
  try {
    if (argv[0] === "__complete") {
      const { answerCompletion } = await import("./completions/answer.ts");
      await answerCompletion(argv.slice(1), program, context);
      return 0;
    }
    const topic = argv.length === 2 && argv[0] === "help"
      ? topicHelp(argv[1] ?? "", context.io.terminal)
      : undefined;
    if (topic !== undefined) {
      context.io.terminal.answer(topic);
      return 0;
    }
    if (argv.length === 0) context.io.terminal.answer(await overview(context));
    const wanted = argv.length === 0 ? await askFirstLogin(context) : helpAsOption(words);
    if (wanted !== undefined) {
      assertHelpExists(wanted, program);
      await program.parseAsync(wanted, { from: "user" });
    }
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const reported = error instanceof CommanderError ? usageError(error, words, program) : error;
    return reportError(reported, outputForm(words), context.io.terminal);
  }
}

/** Splits at the first `--` after `exec`. The words after it belong to another command. */
function splitAtDashes(
  argv: readonly string[],
): { words: readonly string[]; rest?: readonly string[] } {
  const at = argv[0] === "exec" ? argv.indexOf("--") : -1;
  return at < 0 ? { words: argv } : { words: argv.slice(0, at), rest: argv.slice(at + 1) };
}

/** Builds the tree of commands. `end` is called with the exit code of the command in `rest`. */
export function buildProgram(
  context: CommandContext,
  rest?: readonly string[],
  end: (code: number) => void = () => {},
): Command {
  const program = emptyProgram(context);
  addAuth(program, context);
  program.commandsGroup("Use a login:");
  addExec(program, rest, end, context);
  addApi(program, context);
  addHelper(program);
  addConnect(program, context);
  addLease(program, context);
  program.commandsGroup("Storage:");
  addStorage(program, context);
  addMigrate(program, context);
  program.commandsGroup("This program:");
  addDoctor(program, context);
  addCompletions(program, context);
  addVersion(program, context);
  program.version(`fob ${context.machine.version}`, "--version", "print the version");
  program.helpInformation = () => rootHelp(program, context.io.terminal);
  for (const group of program.commands.filter(({ commands }) => commands.length > 0)) {
    group.helpInformation = () => groupHelp(group, context.io.terminal);
  }
  return program;
}

/** The program without commands. It prints only help; `run` reports errors. */
function emptyProgram({ io: { terminal } }: CommandContext): Command {
  return new Command("fob")
    .description("Sign in once, and give every program a fresh token")
    .helpCommand(false)
    .addHelpOption(
      new Option("-h, --help", "show this help").helpGroup(globalOptions),
    )
    .configureHelp(helpStyle(terminal))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.answer(text),
      writeErr: () => {},
      outputError: () => {},
      getOutHasColors: () => terminal.outputColor,
    });
}

function addAuth(program: Command, context: CommandContext): void {
  const auth = program.command("auth").description("Sign in and use logins").helpCommand(
    false,
  );
  auth.commandsGroup("Sign in:");
  addLogin(auth, context);
  addStatus(auth, context);
  addProfiles(auth, context);
  addSwitch(auth, context);
  addLogout(auth, context);
  auth.commandsGroup("Use a login:");
  addToken(auth, context);
  addEnv(auth, context);
}

/** Turns `fob help auth token` into `fob auth token --help`. */
function helpAsOption(argv: readonly string[]): readonly string[] {
  return argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
}
