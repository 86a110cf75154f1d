import type { Keeping } from "../interop/login/login_home.ts";
import { type Arena, type Campaign, type Finish, LostLogin } from "./campaign.ts";

/** What the kills of one campaign on one store came to. */
export interface Tally {
  readonly name: string;
  readonly keeping: Keeping;
  readonly kills: number;
  /** How many came before the command had ended by itself. */
  readonly before: number;
  /** How many cut off a refresh that the server had spent already, which the next call told. */
  readonly told: number;
  readonly lost: readonly string[];
  readonly broken: readonly string[];
  /** Milliseconds that the command took when nobody killed it, last. */
  readonly duration: number;
}

/** How to kill. */
export interface Rounds {
  readonly kills: number;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

/** After so many kills the duration of the command is taken anew: the machine may be busier. */
const measureEvery = 40;

/** Kills the command of `campaign` again and again, at instants spread evenly over the time that it takes. */
export async function runCampaign(
  { name, open }: Campaign,
  keeping: Keeping,
  { kills, random }: Rounds,
): Promise<Tally> {
  await using arena = await open(keeping);
  const whose = `${name}, ${keeping}`;
  let duration = await measure(arena, whose);
  // The first run of all loads from disk.
  if (kills >= measureEvery) duration = await measure(arena, whose);
  let [before, told] = [0, 0];
  const [lost, broken]: [string[], string[]] = [[], []];
  for (let kill = 1; kill <= kills; kill++) {
    if (kill % measureEvery === 0) duration = await measure(arena, whose);
    const delay = random() * duration;
    try {
      const round = await killOnce(arena, delay);
      if (round.isBefore) before++;
      if (round.finish === "told") told++;
    } catch (error) {
      const list = error instanceof LostLogin ? lost : broken;
      list.push(`${whose}, kill ${kill} after ${delay.toFixed(1)} ms: ${messageOf(error)}`);
    }
  }
  return { name, keeping, kills, before, told, lost, broken, duration };
}

/** Milliseconds of a run that nobody kills. Throws where it does not keep the promises: nothing can be told of kills then. */
async function measure(arena: Arena, whose: string): Promise<number> {
  try {
    await arena.setUp();
    const start = performance.now();
    const ending = await arena.start().ending;
    const duration = performance.now() - start;
    if (ending.code !== 0) throw new Error(`fob ended with ${ending.code}: ${ending.stderr}`);
    await arena.check(ending);
    await arena.finish();
    return duration;
  } catch (error) {
    throw new Error(`${whose}, killed by nobody: ${messageOf(error)}`, { cause: error });
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

/** Numbers at least 0 and less than 1 that follow from `seed`: a linear congruential generator modulo 2^32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The seed of one campaign on one store, whatever others run. */
export function seedOf(name: string, keeping: Keeping, seed: number): number {
  return Array.from(name + keeping).reduce(
    (hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0),
    seed,
  );
}

/** One line about one campaign. */
export function describeTally({ name, keeping, ...it }: Tally): string {
  const told = it.told === 0 ? "" : `, ${it.told} told of a refresh cut off`;
  return `${name}, ${keeping}: ${it.kills} kills, ${it.before} before the end ` +
    `(of about ${Math.round(it.duration)} ms), ${it.lost.length} lost logins, ` +
    `${it.broken.length} invariants broken${told}`;
}

/** One line about all of them. */
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
    `${sum(({ told }) => told)} told of a refresh cut off)`;
}
