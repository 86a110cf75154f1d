import type { Command } from "@commander-js/extra-typings";
import { setDefaultProfile } from "../../credentials/profile_edits.ts";
import { FobError } from "../../errors.ts";
import { findProfile, findRuled } from "../../profiles/choose.ts";
import type { Profiles } from "../../profiles/profile_file.ts";
import type { World } from "../context.ts";
import { addCommand, type CommonOptions, examples, nameFrom } from "../options.ts";
import { askChoice } from "../ui/prompts.ts";

export function addSwitch(auth: Command, world: World): void {
  addCommand(auth, "switch", "Choose the default profile")
    .argument("[profile]", "the profile to make the default")
    .addHelpText("after", examples("fob auth switch", "fob auth switch work"))
    .action((argument, options) => runSwitch(nameFrom(argument, options), options, world));
}

async function runSwitch(
  named: string | undefined,
  { output }: CommonOptions,
  world: World,
): Promise<void> {
  const profiles = await world.profiles();
  if (profiles.names().length === 0) throw new FobError("not_signed_in", "No profile is set up");
  const choices = profiles.all().map(({ name, host, issuer }) => {
    const where = host ?? issuer;
    return { value: name, label: where === undefined ? name : `${name} (${where})` };
  });
  const chosen = named ??
    await askChoice(
      "Which profile shall be the default?",
      choices,
      "fob auth switch PROFILE",
      world,
    );
  const profile = findProfile(chosen, profiles);
  const { name } = profile;
  await setDefaultProfile(profile, world.profileFile(), world.profileFile(profile).source);
  world.terminal.answer(
    output === "json"
      ? `${JSON.stringify({ default_profile: name })}\n`
      : `"${name}" is the default now.\n`,
  );
  const overriding = ["API_TOKEN", "FOB_PROFILE"].find((variable) =>
    world.environment.get(variable) !== undefined
  );
  if (overriding !== undefined) world.notice(`${overriding} is set, and overrides the default`);
  else await noticeRule(name, profiles, world);
}

/** That the rules are in order, is not what was asked. */
async function noticeRule(name: string, profiles: Profiles, world: World): Promise<void> {
  const ruled = await findRuled(profiles, world).catch(() => undefined);
  if (ruled === undefined || ruled.profile === name) return;
  world.notice(`${ruled.source} is for this place, and overrides the default`);
}
