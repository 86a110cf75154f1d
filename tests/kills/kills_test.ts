/** A few of the kills of `deno task kills`, of each command and on each store. */
import assert from "node:assert/strict";
import type { Keeping } from "../interop/login/login_home.ts";
import { missingRigs } from "../rigs/rigs.ts";
import { campaigns } from "./campaigns.ts";
import { randomFrom, runCampaign, seedOf } from "./rounds.ts";

const kills = 4;
const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
const missing = await missingRigs();

for (const campaign of campaigns) {
  for (const keeping of campaign.stores) {
    Deno.test({
      name: `${campaign.name}, ${keeping}: killed at ${kills} instants, nothing is lost or broken`,
      ignore: rigsOf(keeping, campaign.needs).some((rig) => missing.includes(rig)),
      fn: async () => {
        const random = randomFrom(seedOf(campaign.name, keeping, seed));
        const tally = await runCampaign(campaign, keeping, { kills, random });
        const { lost, broken } = tally;
        assert.deepEqual([...lost, ...broken], [], [`seed ${seed}`, ...lost, ...broken].join("\n"));
        assert.equal(tally.kills, kills);
      },
    });
  }
}

function rigsOf(keeping: Keeping, needs: readonly string[]): string[] {
  return keeping === "Secret Service" ? ["keyring", ...needs] : [...needs];
}
