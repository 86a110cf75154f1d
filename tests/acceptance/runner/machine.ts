import { missingRigs } from "../../rigs/rigs.ts";
import { fobCommand } from "./fob_command.ts";

/**
 * The machine that a script runs fob on. Scripts use the paths of Linux; a machine converts them for
 * fob, and converts fob's output back.
 */
export interface Machine extends AsyncDisposable {
  readonly system: "unix" | "windows";
  /** Whether strace can log the programs that fob starts. */
  readonly hasStrace: boolean;
  /** The command of fob, with the arguments of every run. */
  readonly command: readonly string[];
  /** The whole environment of fob at the start of the script. */
  readonly env: ReadonlyMap<string, string>;
  /** The path on this system of `name`, a path in a script, relative to its directory. */
  path(name: string): string;
  /** Converts a text of a script for fob. */
  spell(text: string): string;
  /** Converts output of fob for the script. */
  read(text: string): string;
  /** Starts a program with only the environment of `options`. */
  spawn(argv: readonly string[], options: Omit<Deno.CommandOptions, "args">): Deno.ChildProcess;
}

/** Makes the machine for a script that works in the directory `work`. */
export type StartMachine = (work: string) => Promise<Machine>;

const hasStrace = !(await missingRigs()).includes("strace");

/** This machine, with a temporary home. */
export async function thisMachine(work: string): Promise<Machine> {
  return await unixMachine(work, await fobCommand());
}

/** This machine, with `command` as fob. */
export async function unixMachine(work: string, command: readonly string[]): Promise<Machine> {
  await Deno.mkdir(`${work}/home`);
  await Deno.mkdir(`${work}/run`, { mode: 0o700 });
  await Deno.mkdir(`${work}/tmp`);
  return {
    system: "unix",
    hasStrace,
    command,
    env: isolatedEnvironment(work),
    path: (name) => name.startsWith("/") ? name : `${work}/${name}`,
    spell: (text) => text,
    read: (text) => text,
    spawn: spawnHere,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Starts a program on this machine; see {@link Machine.spawn}. */
export function spawnHere(
  [program = "", ...args]: readonly string[],
  options: Omit<Deno.CommandOptions, "args">,
): Deno.ChildProcess {
  return new Deno.Command(program, { ...options, args, clearEnv: true }).spawn();
}

/** Variables of fob's environment on every machine. */
export const everywhere: Readonly<Record<string, string>> = {
  DENO_NO_UPDATE_CHECK: "1",
  NO_COLOR: "1",
  TZ: "UTC",
};

/** An environment without the user's own variables, except PATH and Deno's cache. */
function isolatedEnvironment(work: string): Map<string, string> {
  return new Map(Object.entries({
    ...everywhere,
    HOME: `${work}/home`,
    XDG_RUNTIME_DIR: `${work}/run`,
    TMPDIR: `${work}/tmp`,
    PATH: Deno.env.get("PATH") ?? "",
    DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
    LANG: "C.UTF-8",
    BROWSER: `${import.meta.dirname}/browser`,
    FOB_TEST_DENO: Deno.execPath(),
  }));
}
