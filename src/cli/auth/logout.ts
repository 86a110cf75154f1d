import type { Command } from "@commander-js/extra-typings";
import type { PatCredential } from "../../credentials/credential.ts";
import { type Logout, logout, type LogoutNeeds } from "../../credentials/logout.ts";
import { removeProfile, scrubToken } from "../../credentials/profile_edits.ts";
import { FobError } from "../../errors.ts";
import { sweepLeases } from "../../leases/sweep.ts";
import { chooseProfile, findProfile } from "../../profiles/choose.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { CommandContext } from "../context.ts";
import { choiceNeeds } from "../needs.ts";
import { addCommand, type CommonOptions, examples, nameFrom } from "../options.ts";
import { answer } from "../ui/answer.ts";
import { withProgress } from "../ui/progress.ts";
import { askConsent } from "../ui/prompts.ts";

interface LogoutOptions extends CommonOptions {
  readonly all?: true;
  readonly delete?: true;
  readonly yes?: true;
}

export function addLogout(auth: Command, context: CommandContext): void {
  addCommand(auth, "logout", "Revoke a login and remove it from this machine")
    .argument("[profile]", "profile to sign out of")
    .option("--all", "sign out of all profiles")
    .option("--delete", "also remove the profile")
    .option("-y, --yes", "do not prompt")
    .addHelpText(
      "after",
      examples("fob auth logout", "fob auth logout work --delete", "fob auth logout --all --yes"),
    )
    .action((argument, options) => runLogout(argument, options, context));
}

async function runLogout(
  argument: string | undefined,
  options: LogoutOptions,
  context: CommandContext,
): Promise<void> {
  const profiles = await chosenProfiles(nameFrom(argument, options), options, context);
  await assertConsent(profiles, options, context);
  const done: Done[] = [];
  const failures: unknown[] = [];
  for (const profile of profiles) {
    try {
      const what = `Signing out of "${profile.name}"`;
      done.push(
        await withProgress(what, () => signOut(profile, options, context), context, options.output),
      );
    } catch (error) {
      failures.push(error);
    }
  }
  const text = done.map(describe).join("") ||
    (profiles.length === 0 ? "No profile is set up.\n" : "");
  if (text !== "" || options.output === "json") {
    answer(options.output, done.map(fieldsOf), text, context);
  }
  if (failures.length > 0) throw failures[0];
}

async function signOut(
  profile: Profile,
  options: LogoutOptions,
  context: CommandContext,
): Promise<Done> {
  const storage = await context.storage.open(profile);
  const revoke: LogoutNeeds["revoke"] = async (authorization) =>
    await (await context.providers.open(profile.provider)).revoke(authorization);
  const revokeToken = (kept: PatCredential): ReturnType<NonNullable<LogoutNeeds["revokeToken"]>> =>
    endMadeToken(kept, profile, context);
  const { io: { notice } } = context;
  const result = await logout(profile, { ...storage, notice, revoke, revokeToken });
  // A token left in the profile file would become a login again once there is a keychain.
  await scrubToken(profile.name, undefined, context.storage.profileFile());
  if (options.delete) await removeProfile(profile, context.storage.profileFile(profile));
  else if (profile.configFile !== undefined) {
    context.io.notice(
      `The secret of "${profile.name}" is in "${profile.configFile.path}" and was not removed`,
    );
  }
  return { ...result, deleted: options.delete ?? false };
}

/** Revokes a token that fob created. Revokes leftover leases first: that needs the token. */
async function endMadeToken(
  { token, tokenId, host, identity: owner }: PatCredential,
  { name, provider }: Profile,
  context: CommandContext,
): ReturnType<NonNullable<LogoutNeeds["revokeToken"]>> {
  if (tokenId === undefined || host === undefined) return undefined;
  const issuer = await context.providers.tokenIssuer(provider, host);
  if (issuer === undefined) return undefined;
  try {
    if (owner !== undefined) {
      const { runRecords, clock } = context.system;
      const needs = { records: await runRecords(), clock, random: Math.random };
      await sweepLeases({ issuer, by: token, owner, profile: name, keep: tokenId }, needs);
    }
    await issuer.revoke(token, tokenId);
    return { outcome: "revoked" };
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return { outcome: "failed", reason: error.message };
  }
}

/** A logout, and whether the profile was removed. */
type Done = Logout & { readonly deleted: boolean };

async function chosenProfiles(
  named: string | undefined,
  { all }: LogoutOptions,
  context: CommandContext,
): Promise<Profile[]> {
  if (all && named !== undefined) {
    throw new FobError("usage", `--all and "${named}" cannot be used together`);
  }
  const profiles = await context.storage.profiles();
  if (all) return profiles.all();
  return [
    named === undefined ? await chooseProfile(choiceNeeds(context)) : findProfile(named, profiles),
  ];
}

/** Prompts before signing out of several profiles or removing a profile. Throws `declined` for a no. */
async function assertConsent(
  profiles: readonly Profile[],
  options: LogoutOptions,
  context: CommandContext,
): Promise<void> {
  if (options.yes || profiles.length === 0 || (!options.all && !options.delete)) return;
  const names = profiles.map(({ name }) => name).join(", ");
  const question = options.delete
    ? `Sign out of ${names} and remove the profile?`
    : `Sign out of ${names}?`;
  if (!await askConsent(question, "--yes", context)) {
    throw new FobError("declined", "Cancelled. Nothing was changed");
  }
}

function fieldsOf({ profile, removed, deleted, revocation }: Done): object {
  return { profile: profile.name, removed, deleted, revocation };
}

function describe({ profile, removed, deleted, revocation }: Done): string {
  if (!removed) {
    return `Not signed in to "${profile.name}".${deleted ? " The profile was removed." : ""}\n`;
  }
  const gone = deleted ? "The login and the profile were" : "The login was";
  return `Signed out of "${profile.name}": ${
    describeRevocation(revocation)
  }. ${gone} removed from this machine.\n`;
}

function describeRevocation(revocation: Logout["revocation"]): string {
  switch (revocation?.outcome) {
    case "revoked":
      return "the server revoked the login";
    case "failed":
      return `the server did not revoke the login (${revocation.reason}), so its tokens may stay valid until they expire`;
    case "unsupported":
      return "the server does not support revocation, so the token stays valid until it expires";
    case undefined:
      return "a pasted secret can only be revoked at its provider";
  }
}
