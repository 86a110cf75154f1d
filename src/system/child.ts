import { FobError } from "../errors.ts";
import type { System } from "./files/paths.ts";

/** A program to run with this one's streams, or with another standard input. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** The variables that it has in place of this process's. */
  readonly set: Readonly<Record<string, string>>;
  /** The variables of this process that it does not have, but for those that are set. */
  readonly unset: readonly string[];
  /** Whether it runs at a terminal, whose keys reach it without help. */
  readonly hasTerminal: boolean;
  /** What it reads, where this process has read its own standard input already. */
  readonly input?: Uint8Array<ArrayBuffer>;
  /** Tells of what came before its own signals could be passed on: it is not started then. */
  readonly stop?: AbortSignal | undefined;
}

/** Runs a program, and resolves to its exit code: 128 and the number of the signal that ended it. */
export type RunProgram = (program: Program) => Promise<number>;

/** Takes the exit status of every child that has ended, but of those that `isOwn` says are waited for. */
export type ReapOrphans = (isOwn: (pid: number) => boolean) => void;

const isWindows = Deno.build.os === "windows";

/** What is sent to one process, and so has to be passed on. */
const single: readonly Deno.Signal[] = isWindows ? [] : ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];

/** What a terminal sends to all processes of a job at once. */
const shared: readonly Deno.Signal[] = isWindows ? ["SIGINT"] : ["SIGINT", "SIGQUIT", "SIGWINCH"];

/**
 * Runs `program` to its end. A signal that comes meanwhile is its own, and does not end this process.
 * `reap`: for the first process of a container, whose children are all that have lost their parents.
 *
 * @throws {FobError} `command_not_found`, `command_not_executable`; what `program.stop` says.
 */
export async function runProgram(program: Program, reap?: ReapOrphans): Promise<number> {
  let child: Deno.ChildProcess | undefined;
  const pass = (signal: Deno.Signal): void => {
    try {
      child?.kill(signal);
    } catch {
      // It has just ended.
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
  // Before the child is there: a signal in between would end this process alone.
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  try {
    await heard(program.stop);
    child = start(program);
    reapOthers();
    if (program.input !== undefined) await feed(child.stdin, program.input);
    return (await child.status).code;
  } finally {
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  }
}

/** What the kernel has delivered already is told in the next turn. */
async function heard(stop: AbortSignal | undefined): Promise<void> {
  if (stop === undefined) return;
  await new Promise((resolve) => setTimeout(resolve));
  stop.throwIfAborted();
}

/** A program may end before it has read everything. */
async function feed(
  stdin: WritableStream<Uint8Array<ArrayBuffer>>,
  input: Uint8Array<ArrayBuffer>,
): Promise<void> {
  await new Blob([input]).stream().pipeTo(stdin).catch((error: unknown) => {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  });
}

/** The environment `own` with what a child's changes; Windows does not tell the case of a name. */
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
