import { homeOf, pathIn } from "../../text/home.ts";
import { commandLine } from "../../text/shell_quote.ts";
import type { Command, ConnectRequest, Tool } from "../tool.ts";
import { helperWords } from "./fob_command.ts";

/**
 * Git: `credential.<url>.helper` in the user's configuration (gitcredentials(7)), set by `git config`. Helpers
 * for a host run after helpers for all hosts. The empty helper before fob's clears the list, because a helper
 * that stores would write fob's tokens in plaintext.
 */
export const git: Tool = {
  tool: "git",
  connect: (request) => [{
    kind: "command",
    program: "git",
    files: globalFiles(request),
    look: ["config", "--global", "--null", "--list"],
    commands: (seen) => request.origins.flatMap((origin) => commandsFor(origin, request, seen)),
  }],
  undoCommands,
};

/** The files that `--global` may mean: git-config(1), "FILES". git takes a `~` in the variable literally. */
function globalFiles({ environment, system }: ConnectRequest): string[] {
  const named = environment.get("GIT_CONFIG_GLOBAL");
  if (named !== undefined) return [named];
  const home = homeOf(environment, system);
  const xdg = pathIn(["XDG_CONFIG_HOME"], "~/.config", environment, system);
  return [`${home}/.gitconfig`, `${xdg}/git/config`];
}

function commandsFor(origin: string, request: ConnectRequest, seen: string): Command[] {
  const key = `credential.${origin}.helper`;
  const helper = `!${commandLine(helperWords("git", request), false)}`;
  const there = valuesOf(key, seen);
  if (there.at(-1) === helper && there.at(-2) === "") return [];
  // An empty helper at the end was left by a run of fob that was killed between the two commands.
  const reset = there.at(-1) === "" ? [] : add(key, "");
  // The helper may be that of another profile: of two helpers by fob, the first would answer.
  return [{ runs: [...reset, ...add(key, helper)], note: [key, helper] }];
}

/** Git cannot remove one of several equal values: all are removed, and the others are added again. */
function undoCommands(
  [key = "", helper = ""]: readonly string[],
  seen: string,
): readonly string[][] {
  const there = valuesOf(key, seen);
  const at = there.lastIndexOf(helper);
  if (at < 0) return [];
  const start = there[at - 1] === "" ? at - 1 : at;
  const others = there.toSpliced(start, at - start + 1);
  return [
    ["config", "--global", "--unset-all", key],
    ...others.flatMap((value) => add(key, value)),
  ];
}

function add(key: string, value: string): string[][] {
  return [["config", "--global", "--add", key, value]];
}

/** The values of a key in a list with a line feed after each key and a NUL after each value. */
function valuesOf(key: string, list: string): string[] {
  return list.split("\0").filter((entry) => entry.startsWith(`${key}\n`))
    .map((entry) => entry.slice(key.length + 1));
}
