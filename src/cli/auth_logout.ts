import type { Command } from "@commander-js/extra-typings";
import { chooseProfile, findProfile } from "../credentials/choose.ts";
import { type Logout, logout } from "../credentials/logout.ts";
import type { Profile } from "../credentials/profile.ts";
import { readProfiles, removeProfile } from "../credentials/profiles.ts";
import { FobError } from "../errors.ts";
import { addCommand, type CommonOptions, examples, nameFrom } from "./options.ts";
import { askConsent } from "./prompts.ts";
import type { World } from "./world.ts";

interface LogoutOptions extends CommonOptions {
  readonly all?: true;
  readonly delete?: true;
  readonly yes?: true;
}

export function addLogout(auth: Command, world: World): void {
  addCommand(auth, "logout", "Revoke a login at its server, and remove it here")
    .argument("[profile]", "the profile to sign out of")
    .option("--all", "sign out of every profile")
    .option("--delete", "remove the profile itself too")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      examples("fob auth logout", "fob auth logout work --delete", "fob auth logout --all --yes"),
    )
    .action((argument, options) => runLogout(argument, options, world));
}

async function runLogout(
  argument: string | undefined,
  options: LogoutOptions,
  world: World,
): Promise<void> {
  const profiles = await chosenProfiles(nameFrom(argument, options), options, world);
  await assertConsent(profiles, options, world);
  const { store } = await world.storage();
  const done: Logout[] = [];
  for (const profile of profiles) {
    const revoke: Parameters<typeof logout>[1]["revoke"] = async (authorization) =>
      await (await world.provider(profile.provider)).revoke(authorization);
    done.push(await logout(profile, { store, locks: world.locks(), revoke }));
    if (options.delete) await removeProfile(profile.name, world.profileFile());
  }
  const answer = options.output === "json"
    ? JSON.stringify(done.map(fieldsOf), undefined, 2) + "\n"
    : done.map(describe).join("") || "No profile is set up.\n";
  world.terminal.answer(answer);
}

async function chosenProfiles(
  named: string | undefined,
  { all }: LogoutOptions,
  world: World,
): Promise<Profile[]> {
  if (all && named !== undefined) {
    throw new FobError("usage", `--all and "${named}" contradict each other`);
  }
  const profiles = await readProfiles(world.profileFile());
  if (all) return profiles.all();
  return [
    named === undefined
      ? chooseProfile(undefined, world.environment, profiles)
      : findProfile(named, profiles),
  ];
}

/** What cannot be taken back for more than one login, or for a profile, is asked about first. */
async function assertConsent(
  profiles: readonly Profile[],
  options: LogoutOptions,
  world: World,
): Promise<void> {
  if (options.yes || profiles.length === 0 || (!options.all && !options.delete)) return;
  const names = profiles.map(({ name }) => name).join(", ");
  const question = options.delete
    ? `Sign out of ${names}, and remove the profile?`
    : `Sign out of ${names}?`;
  if (!await askConsent(question, "--yes", world)) {
    throw new FobError("interrupted", "Nothing was changed");
  }
}

function fieldsOf({ profile, removed, revocation }: Logout): object {
  return { profile: profile.name, removed, revocation };
}

function describe({ profile, removed, revocation }: Logout): string {
  if (!removed) return `Was not signed in to "${profile.name}".\n`;
  return `Signed out of "${profile.name}": ${
    describeRevocation(revocation)
  }. It is removed here.\n`;
}

function describeRevocation(revocation: Logout["revocation"]): string {
  if (revocation?.outcome === "revoked") return "the server has revoked the login";
  if (revocation?.outcome === "failed") {
    return `the server could not be told (${revocation.reason}), so what it issued may stay valid until it expires`;
  }
  return "the server was not told, for it has no way to revoke, so the token stays valid until it expires";
}
