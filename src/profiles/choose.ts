import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { Platform } from "../providers/platform.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Environment } from "../system/environment.ts";
import type { WorkingDirectory } from "../system/working_directory.ts";
import { shownName } from "../text/address.ts";
import { nearest } from "../text/nearest.ts";
import {
  profileVariable,
  sharedVariables,
  toolProfileVariables,
  workloadVariables,
} from "./credential_sources.ts";
import {
  type EnvironmentNeeds,
  type EnvironmentToken,
  fromEnvironment,
  readAsJwt,
} from "./environment_token.ts";
import { accountOf, isSameHost, looksLikeHost, originsOf, type Profile } from "./profile.ts";
import type { ProfileQuery, Profiles } from "./profile_file.ts";
import type { RuleContext } from "./rule_match.ts";
import type { WorkloadChoice } from "./workload_identity.ts";

/** The credential that is used, and what selected it. */
export type Choice =
  | EnvironmentToken
  | { readonly kind: "profile"; readonly source: string; readonly profile: Profile }
  | WorkloadChoice;

/** What the choice needs. The profile file is read only if an earlier source does not decide. */
export interface ChoiceNeeds extends EnvironmentNeeds {
  readonly profiles: (query?: ProfileQuery) => Promise<Profiles>;
  /** Called only if the profile file has rules. */
  readonly workingDirectory: () => Promise<WorkingDirectory>;
  /** Called only if environment variables could complete a profile that may have a stored login. */
  readonly storage?: (profile: Profile) => Promise<{ readonly store: SecretStore }>;
}

const commandLine = "the command line";

/**
 * Returns the credential of the first source that exists, in this order:
 *
 * 1. the profile or host `named` on the command line
 * 2. `API_TOKEN`
 * 3. the token variable of a platform's tools
 * 4. a workload sign-in by their other variables
 * 5. `FOB_PROFILE`
 * 6. the profile that the variables of a platform's tools select
 * 7. the first rule of the profile file that matches
 * 8. the default profile
 * 9. the only profile
 *
 * A platform's variables do not count if the profile chosen without them belongs to another platform.
 * `origins` are the origins of the requested host, if any.
 *
 * @throws {FobError} `unknown_profile`; `not_signed_in` if there is no profile; `config_invalid` if a rule that
 * must be evaluated is invalid.
 */
export async function chooseCredential(
  named: string | undefined,
  needs: ChoiceNeeds,
  origins?: readonly string[],
): Promise<Choice> {
  const { environment, platforms } = needs;
  if (named !== undefined) return await completeChoice(await fromName(named, needs), needs);
  const isSet = (variable: string): boolean => environment.get(variable) !== undefined;
  if (isSet(sharedVariables.token[0])) return fromEnvironment(sharedVariables, environment);
  const chosen = await chosenByTools(needs, origins);
  const profile = chosen instanceof FobError ? undefined : chosen.profile;
  for (const platform of platforms) {
    if (profile !== undefined && profile.provider !== platform.id) continue;
    const own = await fromPlatform(platform, environment, profile);
    const isNamed = !(chosen instanceof FobError) && chosen.source === platform.variables?.profile;
    if (own !== undefined) return isNamed ? withHost(own, chosen.profile) : own;
  }
  if (chosen instanceof FobError) throw chosen;
  return await completeChoice(chosen, needs);
}

/** Gives an environment token without a host the host of the profile that the platform's variable selects. */
function withHost(own: Choice, { host }: Profile): Choice {
  if (own.kind !== "environment" || own.host !== undefined || host === undefined) return own;
  return { ...own, host };
}

/**
 * Returns the chosen profile, or the environment's credential if the profile does not say how it signs in.
 * A stored login takes precedence, unless the config file specifies a workload sign-in.
 */
async function completeChoice(
  choice: Choice & { kind: "profile" },
  { environment, platforms, storage }: ChoiceNeeds,
): Promise<Choice> {
  const { profile } = choice;
  const { unspecified } = profile;
  const platform = platforms.find(({ id }) => id === profile.provider);
  if (unspecified === undefined || platform === undefined) return choice;
  const { completeProfile } = await import("./complete_profile.ts");
  const found = completeProfile({ ...profile, unspecified }, platform, environment);
  if (found === undefined || storage === undefined || unspecified.isWorkload) {
    return found ?? choice;
  }
  const { store } = await storage(profile);
  return await store.get(accountOf(profile)) === undefined ? found : choice;
}

/** Returns the credential from the variables of a platform's tools. `profile` is the choice without them. */
async function fromPlatform(
  platform: Platform,
  environment: Environment,
  profile: Profile | undefined,
): Promise<Choice | undefined> {
  const { id, variables, workloads } = platform;
  const isSet = (name: string): boolean => environment.get(name) !== undefined;
  const method = workloads?.choice === undefined
    ? undefined
    : environment.get(workloads.choice)?.trim();
  const isToken = !method || method === workloads?.tokenMethod;
  if (isToken && variables?.token.some(isSet)) {
    const own = { ...fromEnvironment(variables, environment), provider: id };
    return variables.format === "jwt" ? await readAsJwt(own) : own;
  }
  if (workloads === undefined) return undefined;
  if (!workloadVariables(workloads).some((name) => environment.get(name)?.trim())) return undefined;
  const { chooseWorkload } = await import("./workload_identity.ts");
  const host = profile?.host;
  const otherwise = { isLogin: profile !== undefined, ...present({ host }) };
  return chooseWorkload(platform, environment, otherwise);
}

/** Returns the profile chosen without a name, including by the variables of a platform's tools. */
async function chosenByTools(
  needs: ChoiceNeeds,
  origins: readonly string[] | undefined,
): Promise<Choice & { kind: "profile" } | FobError> {
  const { environment, platforms } = needs;
  const profiles = await needs.profiles({ named: environment.get(profileVariable) });
  const usual = await chosenProfile(profiles, needs, origins);
  if (environment.get(profileVariable) !== undefined) return usual;
  const isFree = usual instanceof FobError;
  const { variables } =
    platforms.find(({ id, variables }) =>
      variables?.profile !== undefined && (isFree || usual.profile.provider === id)
    ) ?? {};
  const source = toolProfileVariables(variables).find((name) => environment.get(name)?.trim());
  if (source === undefined) return usual;
  const named = environment.get(source)?.trim() ?? "";
  const host = isFree ? undefined : usual.profile.host ?? named;
  // The default profile wins over others for the same host.
  if (source === variables?.host && host !== undefined && isSameHost(named, host)) return usual;
  try {
    return fromProfile(named, source, profiles);
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return isFree && source === variables?.host ? usual : error;
  }
}

/** Returns the profile chosen without a name, or the error that no source decides. */
async function chosenProfile(
  profiles: Profiles,
  { environment, workingDirectory }: Pick<ChoiceNeeds, "environment" | "workingDirectory">,
  origins?: readonly string[],
): Promise<Choice & { kind: "profile" } | FobError> {
  const variable = environment.get(profileVariable);
  if (variable !== undefined) return fromProfile(variable, profileVariable, profiles);
  const ruled = await findRuled(profiles, { workingDirectory, ...(origins && { origins }) });
  if (ruled !== undefined) return fromProfile(ruled.profile, ruled.source, profiles);
  const chosen = profiles.byDefault();
  if (chosen !== undefined) return fromProfile(chosen, "default_profile", profiles);
  return onlyProfile(profiles);
}

/**
 * Returns the profile and the rule that selects it for `context`, among the profiles that `isMeant` accepts.
 * Without rules, loads and reads nothing.
 */
export async function findRuled(
  profiles: Profiles,
  context: RuleContext,
  isMeant?: (profile: string) => boolean,
): Promise<{ readonly profile: string; readonly source: string } | undefined> {
  if (profiles.ruleSections().length === 0) return undefined;
  const { chooseRule } = await import("./rule_match.ts");
  return await chooseRule(profiles, context, isMeant);
}

/** Chooses among profiles only, without a name: for commands that work on stored logins. */
export async function chooseProfile(needs: Omit<ChoiceNeeds, "platforms">): Promise<Profile> {
  const chosen = await chosenProfile(await needs.profiles(), needs);
  if (chosen instanceof FobError) throw chosen;
  return chosen.profile;
}

/** Finds the profile for a name or host. A rule may decide between several profiles for the same host. */
async function fromName(
  named: string,
  { profiles: read, workingDirectory }: ChoiceNeeds,
): Promise<Choice & { kind: "profile" }> {
  const profiles = await read({ named });
  const candidates = profiles.get(named) === undefined ? ownProfilesAt(named, profiles) : [];
  const ruled = candidates.length < 2 ? undefined : await findRuled(
    profiles,
    { workingDirectory, origins: originsOf(named) },
    (name) => candidates.some((it) => it.name === name),
  );
  return fromProfile(ruled?.profile ?? named, ruled?.source ?? commandLine, profiles);
}

function fromProfile(
  name: string,
  source: string,
  profiles: Profiles,
): Choice & { kind: "profile" } {
  return { kind: "profile", source, profile: findProfile(name, profiles, source) };
}

function onlyProfile(profiles: Profiles): Choice & { kind: "profile" } | FobError {
  const own = profiles.ownNames();
  const [first, ...others] = profiles.all().filter(({ name }) =>
    own.length === 0 || own.includes(name)
  );
  if (first === undefined) return new FobError("not_signed_in", "No profile is set up");
  if (others.length > 0) {
    return new FobError(
      "usage",
      `Cannot choose a profile: there are several (${profiles.names().join(", ")}) and no default`,
      {
        facts: { option: "--profile NAME, or set a default: fob auth switch NAME" },
      },
    );
  }
  return { kind: "profile", source: `the only profile in "${profiles.path}"`, profile: first };
}

/**
 * Returns the profile with that name, or the profile for that host.
 *
 * @throws {FobError} `unknown_profile` with the nearest names, or `usage` if several profiles are for the host.
 */
export function findProfile(
  nameOrHost: string,
  profiles: Profiles,
  source = commandLine,
): Profile {
  const byName = profiles.get(nameOrHost);
  if (byName !== undefined) return byName;
  if (/:[^]*@/.test(nameOrHost)) {
    throw new FobError("usage", "The host must not contain credentials");
  }
  const byHost = ownProfilesAt(nameOrHost, profiles);
  if (byHost.length > 1) {
    const names = byHost.map(({ name }) => name).join(", ");
    throw new FobError("usage", `Several profiles are for "${nameOrHost}": ${names}`, {
      facts: { option: "--profile NAME" },
    });
  }
  const found = byHost[0] ??
    (looksLikeHost(nameOrHost) ? profiles.foreignForHost(nameOrHost) : undefined);
  if (found !== undefined) return found;
  const namedBy = source === commandLine ? "" : ` (from ${source})`;
  throw new FobError(
    "unknown_profile",
    `Profile "${shownName(nameOrHost)}"${namedBy} not found in "${profiles.path}"`,
    {
      facts: {
        near: nearest(nameOrHost, profiles.names()).map((name) => `"${name}"`).join(" or "),
      },
    },
  );
}

/** Returns fob's own profiles for `text` if it looks like a host. */
function ownProfilesAt(text: string, profiles: Profiles): Profile[] {
  if (!looksLikeHost(text)) return [];
  const own = profiles.ownNames();
  return profiles.all().filter(({ name, host }) =>
    own.includes(name) && host !== undefined && isSameHost(text, host)
  );
}
