import { homeOf, pathIn, resolvePath } from "../../text/home.ts";
import { commandLine } from "../../text/shell_quote.ts";
import type { Command, ConnectRequest, Tool } from "../tool.ts";
import { helperWords } from "./fob_command.ts";

/**
 * Git: `credential.<url>.helper` in the person's own configuration (gitcredentials(7)), by `git config`. What
 * is set for a host goes behind what is set for all; the empty helper before fob's takes those off the list,
 * as one that stores would get fob's tokens in plaintext.
 */
export const git: Tool = {
  tool: "git",
  connect: (wish) => [{
    kind: "command",
    program: "git",
    files: globalFiles(wish),
    look: ["config", "--global", "--null", "--list"],
    commands: (seen) => wish.origins.flatMap((origin) => commandsFor(origin, wish, seen)),
  }],
  takeBack,
};

/** The files that `--global` may mean: git-config(1), "FILES". */
function globalFiles({ environment, system }: ConnectRequest): string[] {
  const named = environment.get("GIT_CONFIG_GLOBAL");
  if (named !== undefined) return [resolvePath(named, environment, system)];
  const home = homeOf(environment, system);
  const xdg = pathIn(["XDG_CONFIG_HOME"], "~/.config", environment, system);
  return [`${home}/.gitconfig`, `${xdg}/git/config`];
}

function commandsFor(origin: string, wish: ConnectRequest, seen: string): Command[] {
  const key = `credential.${origin}.helper`;
  const helper = `!${commandLine(helperWords("git", wish), false)}`;
  const there = valuesOf(key, seen);
  if (there.at(-1) === helper && there.at(-2) === "") return [];
  // An empty one at the end is what a fob that was killed in between has left.
  const reset = there.at(-1) === "" ? [] : add(key, "");
  // Another profile's may be there: of two that are fob's, the first would answer.
  return [{ runs: [...reset, ...add(key, helper)], note: [key, helper] }];
}

/** Git has no command that removes one of several that are the same: all go, and the others come back. */
function takeBack([key = "", helper = ""]: readonly string[], seen: string): readonly string[][] {
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

/** The values of a key in a list that has a line feed behind each key, and a NUL behind each value. */
function valuesOf(key: string, list: string): string[] {
  return list.split("\0").filter((entry) => entry.startsWith(`${key}\n`))
    .map((entry) => entry.slice(key.length + 1));
}
