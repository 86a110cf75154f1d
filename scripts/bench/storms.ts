import { present } from "../../src/present.ts";
import { ended, type LoginHome, tokenIn } from "../../tests/interop/login/login_home.ts";
import { spread } from "./contender.ts";
import {
  readAnswer,
  requireNewTokens,
  requireOneToken,
  type StormAnswer,
} from "./storm_answers.ts";
import { tell } from "./tell.ts";

/** Name of the baseline: the shortest time in which a process can query the Secret Service. */
export const floorStorm = "an empty script, then a lookup";

const kinds = ["empty Deno scripts", floorStorm, "stored", "expired", "forced"] as const;

/** Number of concurrent processes, and milliseconds from the first start to the last answer. */
export interface Storm {
  readonly count: number;
  readonly kind: typeof kinds[number];
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Processes without an answer; the time limit of the keyring is five seconds. */
  readonly failed: number;
  /** Message of the first of them. */
  readonly failure?: string;
  /** Maximum number of token requests at the server. */
  readonly refreshes: number;
  /** Time from when all processes wait for the lock, without their start-up. */
  readonly fromLock?: number;
}

/** Parameters of a storm. */
export interface StormField {
  readonly home: LoginHome;
  /** The start of a command line. */
  readonly fob: readonly string[];
  readonly empty: readonly string[];
}

interface Round {
  readonly duration: number;
  readonly failed: number;
  readonly failure?: string;
  readonly refreshes: number;
  readonly fromLock?: number;
}

const hour = 3_600_000;
const minute = 60_000;

/**
 * Runs storms of every kind and size on the store of the home, each `tries` times. Small ones run five times as often,
 * because targets are multiples of the time of one process.
 */
export async function storms(field: StormField, tries: number): Promise<Storm[]> {
  const results: Storm[] = [];
  for (const count of [1, 8, 50, 200]) {
    const rounds = new Map(kinds.map((kind) => [kind, [] as Round[]]));
    for (let round = 0; round < tries * (count > 8 ? 1 : 5); round++) {
      for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
        rounds.get(kind)?.push(await storm(kind, count, field));
      }
    }
    for (const [kind, found] of rounds) results.push({ count, kind, ...summary(found) });
  }
  return results;
}

function summary(rounds: readonly Round[]): Omit<Storm, "count" | "kind"> {
  const held = rounds.flatMap(({ fromLock }) => fromLock ?? []);
  const [failure] = rounds.flatMap((round) => round.failure ?? []);
  return {
    ...spread(rounds.map(({ duration }) => duration)),
    failed: Math.max(...rounds.map(({ failed }) => failed)),
    refreshes: Math.max(...rounds.map(({ refreshes }) => refreshes)),
    ...present({ failure }),
    ...held.length === 0 ? {} : { fromLock: spread(held).median },
  };
}

async function storm(kind: Storm["kind"], count: number, field: StormField): Promise<Round> {
  const { home, fob, empty } = field;
  if (kind === "empty Deno scripts") {
    return await stormOf(count, () => tell(empty, home.environment));
  }
  if (kind === floorStorm) {
    const lookup = ["secret-tool", "lookup", "service", "fob", "account", "oidc:work"];
    return await stormOf(count, async () => {
      await tell(empty, home.environment);
      await tell(lookup, home.environment);
    });
  }
  await home.signIn(kind === "expired" ? 2 * hour : minute);
  const before = home.server.count("refresh_token");
  const command = [...fob, "auth", "token", ...kind === "forced" ? ["--force-refresh"] : []];
  const answers: StormAnswer[] = [];
  const round = await stormOf(count, async () => {
    const startedAt = Date.now();
    const { stdout } = await tell(command, home.environment);
    answers.push(readAnswer(startedAt, stdout));
  });
  const refreshes = home.server.count("refresh_token") - before;
  if (kind === "forced") requireNewTokens(answers, refreshes, home.server);
  else requireOneToken(answers.map(({ token }) => token));
  const held = kind === "expired" && count <= 50
    ? { fromLock: await stormAtLock(count, field) }
    : {};
  return { ...round, refreshes, ...held };
}

/** Runs `act` that many times at once. */
async function stormOf(count: number, act: () => Promise<unknown>): Promise<Round> {
  const start = performance.now();
  const runs = await Promise.allSettled(Array.from({ length: count }, act));
  const duration = performance.now() - start;
  const reasons = runs.flatMap((run) => run.status === "rejected" ? [`${run.reason}`] : []);
  const [failure] = reasons;
  return {
    duration,
    failed: reasons.length,
    ...present({ failure }),
    refreshes: 0,
  };
}

/** Milliseconds from the release of the lock that all processes wait for. */
async function stormAtLock(count: number, { home, fob }: StormField): Promise<number> {
  await home.signIn(2 * hour);
  const lock = await home.lock();
  const started = startAll(count, [...fob, "auth", "token"], home);
  await home.untilAtLock(started);
  const start = performance.now();
  lock[Symbol.dispose]();
  const runs = await Promise.all(started.map(ended));
  const duration = performance.now() - start;
  requireOneToken(runs.map(tokenIn));
  return duration;
}

function startAll(
  count: number,
  [program = "", ...args]: readonly string[],
  { directory: cwd, environment }: LoginHome,
): Deno.ChildProcess[] {
  const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const options = { args, cwd, clearEnv: true, env: { ...environment }, ...piped };
  const command = new Deno.Command(program, options);
  return Array.from({ length: count }, () => command.spawn());
}
