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
import type { World } from "./context.ts";
import { groupHelp, helpStyle, rootHelp, topicHelp } from "./help.ts";
import { addDoctor } from "./machine/doctor.ts";
import { addStorage } from "./machine/storage.ts";
import { addVersion } from "./machine/version.ts";
import { everyCommand } from "./options.ts";
import { overview } from "./overview.ts";
import { addApi } from "./run/api.ts";
import { addExec } from "./run/exec.ts";
import { addLease } from "./run/lease.ts";
import { addConnect } from "./tools/connect.ts";
import { addHelper } from "./tools/helper_command.ts";
import { addMigrate } from "./tools/migrate.ts";
import { outputForm } from "./ui/output_format.ts";
import { reportError } from "./ui/report.ts";
import { assertHelpIsThere, usageError } from "./usage_error.ts";

/** Runs the command that `argv` names, tells what went wrong if anything did, and returns the exit code. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  const { words, rest } = splitAtDashes(argv);
  let code = 0;
  const program = buildProgram(world, rest, (given) => void (code = given));
  try {
    if (argv[0] === "__complete") {
      const { answerCompletion } = await import("./completions/answer.ts");
      await answerCompletion(argv.slice(1), program, world);
      return 0;
    }
    const topic = argv.length === 2 && argv[0] === "help"
      ? topicHelp(argv[1] ?? "", world.terminal)
      : undefined;
    if (topic !== undefined) {
      world.terminal.answer(topic);
      return 0;
    }
    if (argv.length === 0) world.terminal.answer(await overview(world));
    const wanted = argv.length === 0 ? await askFirstLogin(world) : asOption(words);
    if (wanted !== undefined) {
      assertHelpIsThere(wanted, program);
      await program.parseAsync(wanted, { from: "user" });
    }
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const told = error instanceof CommanderError ? usageError(error, words, program) : error;
    return reportError(told, outputForm(words), world.terminal);
  }
}

/** What follows the first `--` after `exec` is another command's: nothing in it is ours to read. */
function splitAtDashes(
  argv: readonly string[],
): { words: readonly string[]; rest?: readonly string[] } {
  const at = argv[0] === "exec" ? argv.indexOf("--") : -1;
  return at < 0 ? { words: argv } : { words: argv.slice(0, at), rest: argv.slice(at + 1) };
}

/** The tree of commands. Building it runs nothing. `end`: told the exit code of the command in `rest`. */
export function buildProgram(
  world: World,
  rest?: readonly string[],
  end: (code: number) => void = () => {},
): Command {
  const program = emptyProgram(world);
  addAuth(program, world);
  program.commandsGroup("Use a login:");
  addExec(program, rest, end, world);
  addApi(program, world);
  addHelper(program);
  addConnect(program, world);
  addLease(program, world);
  program.commandsGroup("Where logins are kept:");
  addStorage(program, world);
  addMigrate(program, world);
  program.commandsGroup("This program:");
  addDoctor(program, world);
  addCompletions(program, world);
  addVersion(program, world);
  program.version(`fob ${world.version}`, "--version", "print the version");
  program.helpInformation = () => rootHelp(program, world.terminal);
  for (const group of program.commands.filter(({ commands }) => commands.length > 0)) {
    group.helpInformation = () => groupHelp(group, world.terminal);
  }
  return program;
}

/** The program before it has commands. It writes help alone: what goes wrong is told by `run`. */
function emptyProgram({ terminal }: World): Command {
  return new Command("fob")
    .description("Sign in once, and hand a fresh token to every program that asks.")
    .helpCommand(false)
    .addHelpOption(
      new Option("-h, --help", "show this help").helpGroup(everyCommand),
    )
    .configureHelp(helpStyle(terminal))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.answer(text),
      writeErr: () => {},
      outputError: () => {},
      getOutHasColors: () => terminal.outputColour,
    });
}

function addAuth(program: Command, world: World): void {
  const auth = program.command("auth").description("Sign in, and use what that brings").helpCommand(
    false,
  );
  auth.commandsGroup("Sign in:");
  addLogin(auth, world);
  addStatus(auth, world);
  addProfiles(auth, world);
  addSwitch(auth, world);
  addLogout(auth, world);
  auth.commandsGroup("Use a login:");
  addToken(auth, world);
  addEnv(auth, world);
}

/** `fob help auth token` is another way to say `fob auth token --help`. */
function asOption(argv: readonly string[]): readonly string[] {
  return argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
}
