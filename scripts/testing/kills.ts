// deno-lint-ignore-file no-console
/**
 * Kills commands of fob at random moments, and checks that no login is lost and no invariant broken:
 * `deno task kills [COUNT [CAMPAIGN…]]`, default 1,000 kills of each campaign on each store.
 * `FOB_KILLS_SEED` repeats the moments of a run, if the machine is as fast.
 */
import type { StoreName } from "../../tests/interop/login/login_home.ts";
import type { Campaign } from "../../tests/kills/campaign.ts";
import { campaigns } from "../../tests/kills/campaigns.ts";
import {
  describeAll,
  describeTally,
  randomFrom,
  runCampaign,
  seedOf,
  type Tally,
} from "../../tests/kills/rounds.ts";
import { bundle } from "../release/bundle.ts";

/** Campaigns that run at the same time. */
const lanes = 2;

async function main([count = "1000", ...names]: readonly string[]): Promise<boolean> {
  const kills = Number(count);
  const unknown = names.find((name) => campaigns.every((it) => it.name !== name));
  if (!Number.isSafeInteger(kills) || kills < 1 || unknown !== undefined) {
    console.error(`Unknown count or campaign: "${unknown ?? count}"`);
    return false;
  }
  const given = Deno.env.get("FOB_KILLS_SEED");
  const seed = given === undefined
    ? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
    : Number(given);
  console.log(`seed ${seed}`);
  await bundle();
  const chosen = campaigns.filter(({ name }) => names.length === 0 || names.includes(name));
  const todo = chosen.flatMap((campaign) =>
    campaign.stores.map((storeName) => ({ campaign, storeName }))
  );
  const tallies = await runAll(todo, kills, seed);
  console.log(`${describeAll(tallies)}, seed ${seed}`);
  return tallies.every(({ lost, broken }) => lost.length + broken.length === 0);
}

async function runAll(
  todo: readonly { campaign: Campaign; storeName: StoreName }[],
  kills: number,
  seed: number,
): Promise<Tally[]> {
  const tallies: Tally[] = [];
  const queue = todo.values();
  const lane = async (): Promise<void> => {
    for (const { campaign, storeName } of queue) {
      const random = randomFrom(seedOf(campaign.name, storeName, seed));
      const tally = await runCampaign(campaign, storeName, { kills, random });
      for (const it of [...tally.lost, ...tally.broken]) console.log(it);
      console.log(describeTally(tally));
      tallies.push(tally);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return tallies;
}

if (import.meta.main) Deno.exit(await main(Deno.args) ? 0 : 1);
