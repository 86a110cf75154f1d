import { tell } from "./tell.ts";

/** A command to time. */
export interface Contender {
  readonly name: string;
  /** The table that it is in. */
  readonly table: string;
  /** Where it reads the token; absent if it reads neither store. */
  readonly kept?: "Secret Service" | "file";
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Standard input. */
  readonly says?: string;
  /** Text that its output must contain: the token. */
  readonly answer: string;
}

/** Duration of a command in milliseconds, and its peak memory in megabytes. */
export interface Measured {
  readonly contender: Pick<Contender, "name" | "table" | "kept">;
  readonly median: number;
  /** The tenth and the ninetieth percentile. */
  readonly low: number;
  readonly high: number;
  readonly peak: number | undefined;
}

/** Runs each of `all` once per round, so that load affects all alike. The first two rounds do not count. */
export async function measure(all: readonly Contender[], rounds: number): Promise<Measured[]> {
  const times = new Map(all.map((contender) => [contender, [] as number[]]));
  for (let round = -2; round < rounds; round++) {
    for (const contender of round % 2 === 0 ? all : all.toReversed()) {
      const duration = await time(contender);
      if (round >= 0) times.get(contender)?.push(duration);
    }
  }
  const results: Measured[] = [];
  for (const [contender, durations] of times) {
    results.push({ contender, ...spread(durations), peak: await peakOf(contender) });
  }
  return results;
}

/** The median and the spread of `durations`. */
export function spread(durations: readonly number[]): Pick<Measured, "median" | "low" | "high"> {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (fraction: number): number =>
    sorted[Math.floor((sorted.length - 1) * fraction)] ?? NaN;
  return { median: at(0.5), low: at(0.1), high: at(0.9) };
}

/** Milliseconds from the start of the process to its end. */
async function time(contender: Contender): Promise<number> {
  const start = performance.now();
  await run(contender, contender.command);
  return performance.now() - start;
}

/** Measured by GNU time, if it is installed. */
async function peakOf(contender: Contender): Promise<number | undefined> {
  const clock = "/usr/bin/time";
  if (!await Deno.stat(clock).then(() => true, () => false)) return undefined;
  const said = await run(contender, [clock, "-f", "%M", ...contender.command]);
  return Number(said.trim().split("\n").at(-1)) / 1024;
}

/** Runs it to the end, and returns its standard error. */
async function run(
  { name, environment, says, answer }: Contender,
  command: readonly string[],
): Promise<string> {
  const { stdout, stderr } = await tell(command, environment, says);
  if (!stdout.includes(answer)) throw new Error(`${name} answers without the token: ${stderr}`);
  return stderr;
}
