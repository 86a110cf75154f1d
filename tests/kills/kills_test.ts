/** A few kills of each campaign of `deno task kills` on each store. */
import assert from "node:assert/strict";
import type { StoreName } from "../interop/login/login_home.ts";
import { missingRigs } from "../rigs/rigs.ts";
import { campaigns } from "./campaigns.ts";
import { randomFrom, runCampaign, seedOf } from "./rounds.ts";

const kills = 4;
const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
const missing = await missingRigs();

for (const campaign of campaigns) {
  for (const storeName of campaign.stores) {
    Deno.test({
      name: `${campaign.name}, ${storeName}: ${kills} kills lose no login and break no invariant`,
      ignore: rigsOf(storeName, campaign.needs).some((rig) => missing.includes(rig)),
      fn: async () => {
        const random = randomFrom(seedOf(campaign.name, storeName, seed));
        const tally = await runCampaign(campaign, storeName, { kills, random });
        const { lost, broken } = tally;
        assert.deepEqual([...lost, ...broken], [], [`seed ${seed}`, ...lost, ...broken].join("\n"));
        assert.equal(tally.kills, kills);
      },
    });
  }
}

function rigsOf(storeName: StoreName, needs: readonly string[]): string[] {
  return storeName === "Secret Service" ? ["keyring", ...needs] : [...needs];
}
