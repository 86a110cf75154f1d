import { logout } from "../../credentials/logout.ts";
import { removeProfile } from "../../credentials/profile_edits.ts";
import { toProfile } from "../../databricks/as_profiles.ts";
import type { DatabricksProfiles } from "../../databricks/config_file.ts";
import type { CommandContext } from "../context.ts";
import { askChoice, askConsent } from "../ui/prompts.ts";
import { addressFrom, looksLikeHost, matching, readDatabricksProfiles } from "./choose.ts";
import type { CommandLine } from "./command_line.ts";
import { databricksError } from "./errors.ts";

/** `databricks auth logout`: revokes the login of a profile and, with `--delete`, removes the profile. */
export async function runLogout(line: CommandLine, context: CommandContext): Promise<void> {
  const { flags } = line;
  const profiles = await readDatabricksProfiles(context);
  const fileProfile = profiles.require(await nameOf(line, profiles, context));
  await assertConsent(fileProfile.name, line, context);
  const profile = toProfile(fileProfile, profiles.path);
  const { removed } = await logout(profile, {
    ...await context.storage.open(profile),
    notice: context.io.notice,
    revoke: async (authorization) =>
      await (await context.providers.open(profile.provider)).revoke(authorization),
  });
  if (flags.delete) await removeProfile(profile, context.storage.profileFile(profile));
  context.io.terminal.say(describe(fileProfile.name, removed, flags.delete ?? false));
}

async function nameOf(
  { word, flags }: CommandLine,
  profiles: DatabricksProfiles,
  context: CommandContext,
): Promise<string> {
  const { profile, host } = flags;
  if (word !== undefined && profile !== undefined) {
    throw databricksError(
      `argument "${word}" cannot be combined with --profile. Use the --profile flag instead`,
    );
  }
  const named = profile ?? word;
  const isHost = named === undefined || !profiles.names().includes(named) && looksLikeHost(named);
  const address = isHost ? named ?? host : undefined;
  const found = address === undefined ? undefined : matching(addressFrom(address, flags), profiles);
  if (found !== undefined) return found.name;
  if (named !== undefined) return named;
  if (!context.io.terminal.canAsk) {
    throw databricksError(
      "the command is being run in a non-interactive environment, " +
        "please specify a profile using the PROFILE argument or --profile flag",
    );
  }
  const choices = profiles.names().map((name) => ({ value: name, label: name }));
  return await askChoice("Select a profile to log out of", choices, "--profile", context);
}

async function assertConsent(
  name: string,
  { flags }: CommandLine,
  context: CommandContext,
): Promise<void> {
  if (flags["auto-approve"]) return;
  if (!context.io.terminal.canAsk) {
    throw databricksError(
      "please specify --auto-approve to skip confirmation in non-interactive mode",
    );
  }
  const question = flags.delete
    ? `Log out of profile "${name}", and delete it from the config file?`
    : `Log out of profile "${name}"?`;
  if (!await askConsent(question, "--auto-approve", context)) {
    throw databricksError("nothing was changed");
  }
}

function describe(name: string, removed: boolean, isDeleted: boolean): string {
  if (isDeleted) {
    return removed
      ? `Logged out of and deleted profile "${name}".`
      : `Deleted profile "${name}" with no tokens to clear.`;
  }
  return removed
    ? `Logged out of profile "${name}". Use --delete to also remove it from the config file.`
    : `No tokens to clear for profile "${name}". Use --delete to remove it from the config file.`;
}
