import { spawnHere } from "./machine.ts";

/** What one run of a program left. */
export interface Run {
  readonly argv: readonly string[];
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** A file to read; otherwise stdin is empty. */
  readonly stdin?: string;
  /** Whether nobody reads stdout: the pipe is broken before the program writes. */
  readonly closeStdout?: boolean;
  /** Milliseconds after which the program is taken to hang; a minute by default. */
  readonly limit?: number;
  /** Starts the program; on this machine if not given. */
  readonly spawn?: typeof spawnHere;
}

/** A program did not end. */
export class StillRunning extends Error {
  override readonly name = "StillRunning";
}

/** Runs a program to its end; throws {@link StillRunning} when it does not end. */
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
