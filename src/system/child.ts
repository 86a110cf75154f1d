import { FobError } from "../errors.ts";
import type { System } from "./files/paths.ts";

/** A program to run with this process's streams, or with another standard input. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Variables that are added to this process's, or replace them. */
  readonly set: Readonly<Record<string, string>>;
  /** Variables of this process that are removed, unless they are in `set`. */
  readonly unset: readonly string[];
  /** Whether it runs at a terminal, which then sends the signals of keys to it directly. */
  readonly hasTerminal: boolean;
  /** Its standard input, if this process has already read its own. */
  readonly input?: Uint8Array<ArrayBuffer>;
  /** Aborted by a signal that arrives before the start: the program is then not started. */
  readonly stop?: AbortSignal | undefined;
}

/** Runs a program. Resolves to its exit code: 128 plus the number of the signal if one ended it. */
export type RunProgram = (program: Program) => Promise<number>;

/** Collects the exit status of each child that has ended, except those for which `isOwn` is true. */
export type ReapOrphans = (isOwn: (pid: number) => boolean) => void;

const isWindows = Deno.build.os === "windows";

/** Signals that are sent to one process, and so are forwarded. */
const single: readonly Deno.Signal[] = isWindows ? [] : ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];

/** Signals that a terminal sends to all processes of a job. */
const shared: readonly Deno.Signal[] = isWindows ? ["SIGINT"] : ["SIGINT", "SIGQUIT", "SIGWINCH"];

/**
 * Runs `program` to its end. Signals that arrive meanwhile are forwarded to it and do not end this process.
 * `reap` is for the first process of a container, which becomes the parent of all orphans.
 *
 * @throws {FobError} `command_not_found`, `command_not_executable`; the reason of `program.stop`.
 */
export async function runProgram(program: Program, reap?: ReapOrphans): Promise<number> {
  let child: Deno.ChildProcess | undefined;
  const pass = (signal: Deno.Signal): void => {
    try {
      child?.kill(signal);
    } catch {
      // The child has just ended.
    }
  };
  const listeners: [Deno.Signal, () => void][] = [...single, ...shared].map((signal) => {
    const isThere = program.hasTerminal && shared.includes(signal);
    return [signal, isThere ? (): void => {} : (): void => pass(signal)];
  });
  const reapOthers = (): void => {
    if (child !== undefined) reap?.((pid) => pid === child?.pid);
  };
  if (reap !== undefined) listeners.push(["SIGCHLD", reapOthers]);
  // Before the child is started: a signal in between would end only this process.
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  try {
    await throwIfStopped(program.stop);
    child = start(program);
    reapOthers();
    if (program.input !== undefined) await feed(child.stdin, program.input);
    return (await child.status).code;
  } finally {
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  }
}

/** Throws the reason of `stop`. Deno reports a signal that is already delivered in the next turn of the event loop. */
async function throwIfStopped(stop: AbortSignal | undefined): Promise<void> {
  if (stop === undefined) return;
  await new Promise((resolve) => setTimeout(resolve));
  stop.throwIfAborted();
}

/** Writes `input`. Ignores a broken pipe: the program may end before it has read everything. */
async function feed(
  stdin: WritableStream<Uint8Array<ArrayBuffer>>,
  input: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await new Blob([input]).stream().pipeTo(stdin).catch((error: unknown) => {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  });
}

/** The environment of the child: `own` with the changes. On Windows names are not case-sensitive. */
export function childEnvironment(
  own: Readonly<Record<string, string>>,
  { set, unset }: Pick<Program, "set" | "unset">,
  system: System = Deno.build.os,
): Record<string, string> {
  const fold = (name: string): string => system === "windows" ? name.toUpperCase() : name;
  const changed = new Set([...Object.keys(set), ...unset].map(fold));
  const kept = Object.entries(own).filter(([name]) => !changed.has(fold(name)));
  return { ...Object.fromEntries(kept), ...set };
}

function start({ command, args, set, unset, input }: Program): Deno.ChildProcess {
  try {
    return new Deno.Command(command, {
      args: [...args],
      clearEnv: true,
      env: childEnvironment(Deno.env.toObject(), { set, unset }),
      stdin: input === undefined ? "inherit" : "piped",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new FobError("command_not_found", `Command "${command}" not found`, { cause });
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FobError("command_not_executable", `Cannot run "${command}": ${why}`, { cause });
  }
}
