import type { Command, CommanderError } from "@commander-js/extra-typings";
import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { nearest } from "../text/nearest.ts";

/** Turns an error of the parser into a usage error. */
export function usageError(
  error: CommanderError,
  argv: readonly string[],
  program: Command,
): FobError {
  const words = argv.filter((word) => !word.startsWith("-"));
  if (error.code === "commander.help") return missingCommand(words[0] ?? "", program);
  if (error.code === "commander.unknownCommand") return unknownCommand(words, program);
  const quoted = [...error.message.matchAll(/'([^']*)'/g)].map(([, text]) => text ?? "");
  const suggestion = /\(Did you mean (.*)\?\)/.exec(error.message)?.[1];
  return new FobError("usage", rewrite(error, quoted), {
    facts: suggestion === undefined ? { see: `${pathOf(argv, program)} --help` } : { suggestion },
  });
}

/**
 * The parser accepts `--help` after any word. Rejects it after an unknown command.
 *
 * @throws {FobError} `usage`
 */
export function assertHelpExists(argv: readonly string[], program: Command): void {
  if (!argv.some((word) => word === "--help" || word === "-h")) return;
  const { command, rest: [next] } = commandIn(argv, program);
  const isGroup = command.commands.length > 0;
  if (!isGroup || next === undefined || next.startsWith("-")) return;
  throw unknownCommand(argv.filter((word) => !word.startsWith("-")), program);
}

/** The command of the first words, and the words after it. */
function commandIn(
  argv: readonly string[],
  command: Command,
): { command: Command; rest: readonly string[] } {
  const found = command.commands.find((child) => child.name() === argv[0]);
  return found === undefined
    ? { command, rest: argv }
    : commandIn(argv.slice(1), found as unknown as Command);
}

function pathOf(argv: readonly string[], program: Command): string {
  const { rest } = commandIn(argv, program);
  return ["fob", ...argv.slice(0, argv.length - rest.length)].join(" ");
}

function rewrite(error: CommanderError, quoted: readonly string[]): string {
  const [first = "", second = ""] = quoted;
  const option = first.split(/[ ,]/).find((word) => word.startsWith("--")) ?? first;
  switch (error.code) {
    case "commander.unknownOption":
      return `Unknown option "${first.split("=")[0]}"`;
    case "commander.optionMissingArgument":
      return `${option} needs a value`;
    case "commander.missingMandatoryOptionValue":
      return `${option} is required`;
    case "commander.invalidArgument": {
      const valid = /Allowed choices are (.*)\.$/.exec(error.message)?.[1];
      // The parser names an option before its value, and an argument after it.
      const isOption = first.startsWith("-");
      const what = isOption
        ? `value "${shown(second)}" for ${option}`
        : `${second} "${shown(first)}"`;
      return `Unknown ${what}${valid === undefined ? "" : ` (allowed: ${valid})`}`;
    }
    case "commander.missingArgument":
      return `${first.toUpperCase()} is required`;
    case "commander.excessArguments":
      return `Too many arguments: ${/Expected .*? got \d+/.exec(error.message)?.[0].toLowerCase()}`;
    default:
      return error.message.replace(/^error: /, "").replaceAll("'", '"');
  }
}

function shown(word: string): string {
  return word.slice(0, 40);
}

function missingCommand(group: string, program: Command): FobError {
  const names = groupNamed(group, program)?.commands.map((command) => command.name());
  return new FobError("usage", `"fob ${group}" needs a command: ${names?.join(", ")}`);
}

function unknownCommand(words: readonly string[], program: Command): FobError {
  const group = groupNamed(words[0] ?? "", program);
  const typed = (group === undefined ? words[0] : words[1]) ?? "";
  const suggestion = group === undefined
    ? commandLike(typed, program)
    : nameLike(typed, group, `fob ${group.name()}`);
  return new FobError(
    "usage",
    `Unknown command "${["fob", group?.name(), typed].filter(Boolean).join(" ")}"`,
    {
      facts: present({ suggestion }),
    },
  );
}

function groupNamed(name: string, program: Command): Command | undefined {
  const found = program.commands.find((command) =>
    command.name() === name && command.commands.length > 0
  );
  return found as unknown as Command | undefined;
}

/** The nearest command to `typed`, at the top or in a group: `auth token` for `token`. */
function commandLike(typed: string, program: Command): string | undefined {
  const groups = program.commands.filter((command) =>
    command.commands.length > 0
  ) as unknown as Command[];
  return nameLike(typed, program, "fob") ??
    groups.map((group) => nameLike(typed, group, `fob ${group.name()}`)).find((found) =>
      found !== undefined
    );
}

function nameLike(typed: string, group: Command, path: string): string | undefined {
  const [name] = nearest(typed, group.commands.map((command) => command.name()));
  return name === undefined ? undefined : `${path} ${name}`;
}
