import { ended, type LoginHome, tokenIn } from "../../tests/interop/login_home.ts";
import { spread } from "./contender.ts";

/** Processes that ask at once, and milliseconds from the first start to the last answer. */
export interface Storm {
  readonly count: number;
  readonly kind: "empty Deno scripts" | "kept" | "expired" | "forced";
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** How many got no answer: the keyring is given five seconds. */
  readonly failed: number;
  /** From when all have come to the lock: what starting costs is left out. */
  readonly fromLock?: number;
}

const hour = 3_600_000;
const minute = 60_000;
const kinds = ["empty Deno scripts", "kept", "expired", "forced"] as const;

/** Storms of every kind on the store of `home`: three of each, and one of the largest. */
export async function storms(
  home: LoginHome,
  fob: readonly string[],
  empty: readonly string[],
): Promise<Storm[]> {
  const results: Storm[] = [];
  for (const count of [1, 8, 50, 200]) {
    const tries = count > 50 ? 1 : 3;
    for (const kind of kinds) {
      const words = ["auth", "token", ...kind === "forced" ? ["--force-refresh"] : []];
      const command = kind === "empty Deno scripts" ? empty : [...fob, ...words];
      const runs = await repeat(tries, async () => {
        await home.signIn(kind === "expired" ? 2 * hour : minute);
        return await storm(home, command, count);
      });
      const failed = Math.max(...runs.map((run) => run.failed));
      const held = kind === "expired" && count <= 50
        ? { fromLock: spread(await repeat(tries, () => stormAtLock(home, fob, count))).median }
        : {};
      results.push({ count, kind, failed, ...spread(runs.map((run) => run.duration)), ...held });
    }
  }
  return results;
}

async function repeat<T>(times: number, act: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < times) results.push(await act());
  return results;
}

async function storm(
  home: LoginHome,
  command: readonly string[],
  count: number,
): Promise<{ readonly duration: number; readonly failed: number }> {
  const start = performance.now();
  const runs = await Promise.all(startAll(home, command, count).map(ended));
  const duration = performance.now() - start;
  const answers = runs.filter(({ code }) => code === 0);
  // Who was started after a forced refresh rightly forces another.
  if (!command.includes("--force-refresh")) {
    requireOneToken(answers.filter(({ stdout }) => stdout !== "").map(tokenIn));
  }
  return { duration, failed: count - answers.length };
}

/** From the moment that the lock is let go of, at which all are waiting for it. */
async function stormAtLock(
  home: LoginHome,
  fob: readonly string[],
  count: number,
): Promise<number> {
  await home.signIn(2 * hour);
  const lock = await home.lock();
  const started = startAll(home, [...fob, "auth", "token"], count);
  await home.untilAtLock(started);
  const start = performance.now();
  lock[Symbol.dispose]();
  const runs = await Promise.all(started.map(ended));
  const duration = performance.now() - start;
  requireOneToken(runs.map(tokenIn));
  return duration;
}

function startAll(
  { directory: cwd, environment }: LoginHome,
  [program = "", ...args]: readonly string[],
  count: number,
): Deno.ChildProcess[] {
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const command = new Deno.Command(program, {
    args,
    cwd,
    clearEnv: true,
    env: { ...environment },
    ...piped,
  });
  return Array.from({ length: count }, () => command.spawn());
}

function requireOneToken(tokens: readonly string[]): void {
  if (new Set(tokens).size > 1) throw new Error("The processes of a storm got several tokens");
}
