import type { Argument, CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import type { CommandContext } from "../context.ts";
import type { Suggestion } from "./values.ts";
import { valuesFor } from "./values.ts";

/** The marker that makes a shell complete the names of files itself. */
export const files: readonly Suggestion[] = [{ value: ":files" }];

/** The state after the words before the cursor. */
interface Reached {
  readonly command: CommandUnknownOpts;
  /** The names of the groups and the command, without `fob`. */
  readonly path: string;
  /** How many arguments are typed. */
  readonly given: number;
  /** The long names of the typed options. */
  readonly used: ReadonlySet<string>;
  /** The option with its value at the cursor. */
  readonly open: Option | undefined;
  /** Whether `--` is typed: no later word is an option. */
  readonly isClosed: boolean;
}

/**
 * Returns the possible values of the last of `words`, not filtered by its typed start. Options are returned only
 * if it begins with a dash. `words` are all words after `fob`.
 */
export async function suggest(
  words: readonly string[],
  program: CommandUnknownOpts,
  context: CommandContext,
): Promise<readonly Suggestion[]> {
  const current = words.at(-1) ?? "";
  const reached = follow(words.slice(0, -1), program);
  const found = await possible(reached, current, context);
  return found === files ? files : found.filter(({ value }) => value !== "");
}

async function possible(
  reached: Reached,
  current: string,
  context: CommandContext,
): Promise<readonly Suggestion[]> {
  const { command, path, open, isClosed } = reached;
  if (open !== undefined) return await optionValues(open, path, context);
  if (current.startsWith("-") && !isClosed) {
    const [name = "", value] = split(current);
    const option = value === undefined ? undefined : optionNamed(name, command);
    if (option === undefined) return options(reached, current);
    const values = await optionValues(option, path, context);
    if (values === files) return [];
    return values.map(({ value, ...rest }) => ({ value: `${name}=${value}`, ...rest }));
  }
  if (command.commands.length > 0) return commands(command);
  const argument = argumentAt(reached);
  return argument === undefined ? [] : await argumentValues(argument, path, context);
}

function follow(typed: readonly string[], program: CommandUnknownOpts): Reached {
  let reached: Reached = {
    command: program,
    path: "",
    given: 0,
    used: new Set(),
    open: undefined,
    isClosed: false,
  };
  for (const word of typed) reached = step(reached, word);
  return reached;
}

function step(reached: Reached, word: string): Reached {
  const { command, path, given, used, open, isClosed } = reached;
  if (open !== undefined) return { ...reached, open: undefined };
  if (!isClosed && word === "--") return { ...reached, isClosed: true };
  if (!isClosed && /^-./.test(word)) {
    const [name = "", value] = split(word);
    const option = optionNamed(name, command);
    if (option === undefined) return reached;
    const takesNext = value === undefined && option.required;
    return {
      ...reached,
      used: new Set([...used, option.long ?? name]),
      open: takesNext ? option : undefined,
    };
  }
  const child = command.commands.find((it) => it.name() === word);
  if (child === undefined) return { ...reached, given: given + 1 };
  return { ...reached, command: child, path: `${path} ${word}`.trim() };
}

/** Splits `--name=value` into name and value; returns any other word alone. */
function split(word: string): readonly [string, string?] {
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
  return name === undefined || value === undefined ? [word] : [name, value];
}

function optionNamed(name: string, command: CommandUnknownOpts): Option | undefined {
  return command.options.find((option) => option.long === name || option.short === name);
}

function commands(group: CommandUnknownOpts): Suggestion[] {
  return group.createHelp().visibleCommands(group).map((command) => ({
    value: command.name(),
    about: command.description(),
  }));
}

/** The options by their long names; by the short name if that is typed. */
function options({ command, used }: Reached, current: string): Suggestion[] {
  return command.createHelp().visibleOptions(command)
    .filter(({ long, parseArg, variadic }) =>
      !used.has(long ?? "") || parseArg !== undefined || variadic
    )
    .map(({ long, short, description }) => ({
      value: current === short ? short : long ?? "",
      about: description,
    }));
}

function argumentAt({ command, given }: Reached): Argument | undefined {
  const last = command.registeredArguments.at(-1);
  return command.registeredArguments[given] ?? (last?.variadic ? last : undefined);
}

async function optionValues(
  option: Option,
  path: string,
  context: CommandContext,
): Promise<readonly Suggestion[]> {
  if (/<(path|file)\b/.test(option.flags)) return files;
  return asChoices(option.argChoices) ?? await valuesFor(option.long ?? "", path, context);
}

async function argumentValues(
  argument: Argument,
  path: string,
  context: CommandContext,
): Promise<readonly Suggestion[]> {
  return asChoices(argument.argChoices) ?? await valuesFor(argument.name(), path, context);
}

function asChoices(choices: readonly string[] | undefined): Suggestion[] | undefined {
  return choices?.map((value) => ({ value }));
}
