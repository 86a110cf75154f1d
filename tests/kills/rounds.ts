import type { StoreName } from "../interop/login/login_home.ts";
import { type Arena, type Campaign, type Finish, LostLogin } from "./campaign.ts";

/** The results of the kills of one campaign on one store. */
export interface Tally {
  readonly name: string;
  readonly storeName: StoreName;
  readonly kills: number;
  /** Kills before the command had ended. */
  readonly before: number;
  /** Kills that lost the response to a refresh, which the next call reported. */
  readonly reported: number;
  readonly lost: readonly string[];
  readonly broken: readonly string[];
  /** The last measured duration of the command without a kill, in milliseconds. */
  readonly duration: number;
}

/** The number of kills and the random generator. */
export interface Rounds {
  readonly kills: number;
  /** Returns a number from 0 to less than 1. */
  readonly random: () => number;
}

/** Kills after which the duration is measured again, because the load of the machine changes. */
const measureEvery = 40;

/** Kills the command of `campaign` repeatedly, at moments that are spread evenly over its duration. */
export async function runCampaign(
  { name, open }: Campaign,
  storeName: StoreName,
  { kills, random }: Rounds,
): Promise<Tally> {
  await using arena = await open(storeName);
  const label = `${name}, ${storeName}`;
  let duration = await measure(arena, label);
  // The first run is slower, because it loads from disk.
  if (kills >= measureEvery) duration = await measure(arena, label);
  let [before, reported] = [0, 0];
  const [lost, broken]: [string[], string[]] = [[], []];
  for (let kill = 1; kill <= kills; kill++) {
    if (kill % measureEvery === 0) duration = await measure(arena, label);
    const delay = random() * duration;
    try {
      const round = await killOnce(arena, delay);
      if (round.isBefore) before++;
      if (round.finish === "reported") reported++;
    } catch (error) {
      const list = error instanceof LostLogin ? lost : broken;
      list.push(`${label}, kill ${kill} after ${delay.toFixed(1)} ms: ${messageOf(error)}`);
    }
  }
  return { name, storeName, kills, before, reported, lost, broken, duration };
}

/** Measures a run without a kill, in milliseconds.
 *
 * @throws {Error} if an invariant is broken. */
async function measure(arena: Arena, label: string): Promise<number> {
  try {
    await arena.setUp();
    const start = performance.now();
    const ending = await arena.start().ending;
    const duration = performance.now() - start;
    if (ending.code !== 0) throw new Error(`fob exited with ${ending.code}: ${ending.stderr}`);
    await arena.check(ending);
    await arena.finish();
    return duration;
  } catch (error) {
    throw new Error(`${label}, without a kill: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function killOnce(
  arena: Arena,
  delay: number,
): Promise<{ isBefore: boolean; finish: Finish }> {
  await arena.setUp();
  const { process, ending } = arena.start();
  const timer = setTimeout(() => kill(process), delay);
  const { signal } = await process.status;
  clearTimeout(timer);
  await arena.check(await ending);
  return { isBefore: signal === "SIGKILL", finish: await arena.finish() };
}

function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/**
 * A random generator from `seed`: a linear congruential generator modulo 2^32. Returns numbers from 0
 * to less than 1.
 */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The seed of one campaign on one store, independent of the other campaigns. */
export function seedOf(name: string, storeName: StoreName, seed: number): number {
  return Array.from(name + storeName).reduce(
    (hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0),
    seed,
  );
}

/** One line with the results of a campaign. */
export function describeTally({ name, storeName, ...it }: Tally): string {
  const reported = it.reported === 0 ? "" : `, ${it.reported} reported a lost refresh`;
  return `${name}, ${storeName}: ${it.kills} kills, ${it.before} before the end ` +
    `(of about ${Math.round(it.duration)} ms), ${it.lost.length} lost logins, ` +
    `${it.broken.length} invariants broken${reported}`;
}

/** One line with the results of all campaigns. */
export function describeAll(tallies: readonly Tally[]): string {
  const sum = (count: (tally: Tally) => number): number =>
    tallies.reduce((total, tally) => total + count(tally), 0);
  const names = [...new Set(tallies.map(({ name }) => name))];
  const parts = names.map((name) => {
    const own = tallies.filter((tally) => tally.name === name);
    return `${name} ${
      own.map(({ kills, lost, broken }) => `${kills - lost.length - broken.length}/${kills}`).join(
        " and ",
      )
    }`;
  });
  return `${sum(({ kills }) => kills)} kills: ${sum(({ lost }) => lost.length)} lost logins, ` +
    `${sum(({ broken }) => broken.length)} invariants broken (${parts.join(", ")}; of these ` +
    `${sum(({ before }) => before)} came before the end, ` +
    `${sum(({ reported }) => reported)} reported a lost refresh)`;
}
