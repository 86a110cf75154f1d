import { spawnHere } from "./machine.ts";

/** The exit code and output of a run. */
export interface Run {
  readonly argv: readonly string[];
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** The file to read as stdin; default empty. */
  readonly stdin?: string;
  /** Whether to close the pipe of stdout before the program writes. */
  readonly closeStdout?: boolean;
  /** Time limit in milliseconds, default one minute. */
  readonly limit?: number;
  /** Starts the program, default on this machine. */
  readonly spawn?: typeof spawnHere;
}

/** A program did not end within its time limit. */
export class StillRunning extends Error {
  override readonly name = "StillRunning";
}

/** Runs a program to its end.
 *
 * @throws {StillRunning} if it does not end within the time limit. */
export async function runProgram(argv: readonly string[], options: RunOptions): Promise<Run> {
  const { spawn = spawnHere, limit = 60_000, cwd, env, stdin } = options;
  const child = spawn(argv, {
    cwd,
    env,
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), limit);
  const ended = collect(child, argv, options);
  const first = await Promise.race([ended, late]);
  clearTimeout(timer);
  if (first !== "late") return first;
  child.kill("SIGKILL");
  const { stdout, stderr } = await ended;
  throw new StillRunning(
    `Still running after ${limit / 1000} s: ${argv.join(" ")}\n${stdout}${stderr}`,
  );
}

async function collect(
  child: Deno.ChildProcess,
  argv: readonly string[],
  options: RunOptions,
): Promise<Run> {
  const stdout = options.closeStdout === true
    ? child.stdout.cancel().then(() => "")
    : new Response(child.stdout).text();
  const [output, errors, status] = await Promise.all([
    stdout,
    new Response(child.stderr).text(),
    child.status,
    options.stdin === undefined ? undefined : feed(child.stdin, options.stdin),
  ]);
  return { argv, code: status.code, stdout: output, stderr: errors };
}

/** A program may end before it has read everything. */
async function feed(stdin: WritableStream<Uint8Array>, path: string): Promise<void> {
  const file = await Deno.open(path);
  await file.readable.pipeTo(stdin).catch((error: unknown) => {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  });
}
