import { missingRigs } from "../../rigs/rigs.ts";
import { fobCommand } from "./fob_command.ts";

/**
 * The machine that a script's fob runs on. Scripts are written in the terms of Linux: a machine puts
 * them into its own, and what fob says back.
 */
export interface Machine extends AsyncDisposable {
  readonly system: "unix" | "windows";
  /** Whether strace can watch what fob starts. */
  readonly hasStrace: boolean;
  /** Fob, and what is always said to it. */
  readonly command: readonly string[];
  /** All of fob's environment, until the script says otherwise. */
  readonly env: ReadonlyMap<string, string>;
  /** Where that is, for us, which a script calls `name`: a path, relative to its directory. */
  path(name: string): string;
  /** A script's text as fob is to read it. */
  spell(text: string): string;
  /** Fob's text as scripts have it. */
  read(text: string): string;
  /** Starts a program that gets no other environment than that in `options`. */
  spawn(argv: readonly string[], options: Omit<Deno.CommandOptions, "args">): Deno.ChildProcess;
}

/** Makes the machine for a script that works in the directory `work`. */
export type StartMachine = (work: string) => Promise<Machine>;

const hasStrace = !(await missingRigs()).includes("strace");

/** This machine, with another home than the person's. */
export async function thisMachine(work: string): Promise<Machine> {
  return await unixMachine(work, await fobCommand());
}

/** This machine, where `command` is fob. */
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

/** As {@link Machine.spawn}, on this machine. */
export function spawnHere(
  [program = "", ...args]: readonly string[],
  options: Omit<Deno.CommandOptions, "args">,
): Deno.ChildProcess {
  return new Deno.Command(program, { ...options, args, clearEnv: true }).spawn();
}

/** What fob's environment holds on every machine. */
export const everywhere: Readonly<Record<string, string>> = {
  DENO_NO_UPDATE_CHECK: "1",
  NO_COLOR: "1",
  TZ: "UTC",
};

/** Nothing of the person who runs the tests but the way to programs and to Deno's cache. */
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
