import type { Command } from "@commander-js/extra-typings";
import { chooseCredential } from "../credentials/choose.ts";
import { type Status, statusOf } from "../credentials/status.ts";
import { describeExpiry, describeState, statusFields } from "./describe_status.ts";
import { addCommand, type CommonOptions, examples, nameFrom } from "./options.ts";
import { describeChoice, describeMode, describePlace } from "./reasons.ts";
import { formatPairs } from "./table.ts";
import type { World } from "./world.ts";

export function addStatus(auth: Command, world: World): void {
  addCommand(auth, "status", "Tell which login answers, where it is kept, and why")
    .argument("[profile]", "the profile to tell about")
    .addHelpText("after", examples("fob auth status", "fob auth status work -o json"))
    .action((argument, options) => runStatus(nameFrom(argument, options), options, world));
}

async function runStatus(
  named: string | undefined,
  { output }: CommonOptions,
  world: World,
): Promise<void> {
  const { clock, terminal } = world;
  const choice = await chooseCredential(named, world);
  const isKept = choice.kind === "profile" && choice.profile.stated === undefined;
  const storage = isKept ? await world.storage(choice.profile) : undefined;
  const status = await statusOf(choice, {
    storage: async () => storage ?? await world.storage(),
    clock,
  });
  const mode = storage && describeMode(storage.chosen);
  terminal.answer(
    output === "json"
      ? JSON.stringify({ ...statusFields(status), storage_mode: storage?.chosen }, undefined, 2) +
        "\n"
      : formatStatus(status, mode, clock.now()),
  );
  if (status.problem !== undefined) throw status.problem;
}

function formatStatus(status: Status, mode: string | undefined, now: number): string {
  return formatPairs({
    Profile: status.profile,
    State: describeState(status),
    Identity: status.identity,
    Host: status.host,
    Issuer: status.issuer,
    Token: status.state === "signed-in" || status.state === "expired"
      ? describeExpiry(status, now)
      : undefined,
    "Kept in": status.store && describePlace(status.store, status.plaintextReason),
    Storage: mode,
    Chosen: status.source && describeChoice(status.source),
  });
}
