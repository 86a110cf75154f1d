import type { Command } from "@commander-js/extra-typings";
import { setDefaultProfile } from "../../credentials/profile_edits.ts";
import { FobError } from "../../errors.ts";
import { findProfile, findRuled } from "../../profiles/choose.ts";
import type { Profiles } from "../../profiles/profile_file.ts";
import type { CommandContext } from "../context.ts";
import { addCommand, type CommonOptions, examples, nameFrom } from "../options.ts";
import { askChoice } from "../ui/prompts.ts";

export function addSwitch(auth: Command, context: CommandContext): void {
  addCommand(auth, "switch", "Set the default profile")
    .argument("[profile]", "profile to make the default")
    .addHelpText("after", examples("fob auth switch", "fob auth switch work"))
    .action((argument, options) => runSwitch(nameFrom(argument, options), options, context));
}

async function runSwitch(
  named: string | undefined,
  { output }: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const profiles = await context.storage.profiles();
  if (profiles.names().length === 0) throw new FobError("not_signed_in", "No profile is set up");
  const choices = profiles.all().map(({ name, host, issuer }) => {
    const where = host ?? issuer;
    return { value: name, label: where === undefined ? name : `${name} (${where})` };
  });
  const chosen = named ??
    await askChoice(
      "Which profile should be the default?",
      choices,
      "fob auth switch PROFILE",
      context,
    );
  const profile = findProfile(chosen, profiles);
  const { name } = profile;
  await setDefaultProfile(
    profile,
    context.storage.profileFile(),
    context.storage.profileFile(profile).source,
  );
  context.io.terminal.answer(
    output === "json"
      ? `${JSON.stringify({ default_profile: name })}\n`
      : `"${name}" is now the default profile.\n`,
  );
  const overriding = ["API_TOKEN", "FOB_PROFILE"].find((variable) =>
    context.system.environment.get(variable) !== undefined
  );
  if (overriding !== undefined) {
    context.io.notice(`${overriding} is set and overrides the default`);
  } else await noticeRule(name, profiles, context);
}

/** Reports a rule that overrides the default. A broken rule must not fail this command. */
async function noticeRule(
  name: string,
  profiles: Profiles,
  context: CommandContext,
): Promise<void> {
  const ruled = await findRuled(profiles, { workingDirectory: context.machine.workingDirectory })
    .catch(() => undefined);
  if (ruled === undefined || ruled.profile === name) return;
  context.io.notice(`${ruled.source} matches here and overrides the default`);
}
