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
  programVariables,
  sharedVariables,
  toolProfileVariables,
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

/** Which credential answers, and why that one. */
export type Choice =
  | EnvironmentToken
  | { readonly kind: "profile"; readonly source: string; readonly profile: Profile }
  | WorkloadChoice;

/** What the choice needs. The profile file is read only when it decides. */
export interface ChoiceNeeds extends EnvironmentNeeds {
  readonly profiles: (wish?: ProfileQuery) => Promise<Profiles>;
  /** Asked only where the profile file has rules. */
  readonly here: () => Promise<WorkingDirectory>;
  /** Asked only where the environment could answer for a profile that may have a login. */
  readonly storage?: (profile: Profile) => Promise<{ readonly store: SecretStore }>;
}

const commandLine = "the command line";

/**
 * The first that there is: the profile or host `named` on the command line, `API_TOKEN`, the variable of
 * a platform's own tools, a program's own sign-in by their other variables, `FOB_PROFILE`, the profile that
 * those tools are told to take, the first rule of the profile file that holds here, the default profile, the
 * only profile. A platform's variables count unless what would be chosen without them is another platform's.
 * `origins`: of the host that is asked for, if any.
 *
 * @throws {FobError} `unknown_profile`, or `not_signed_in` where there is none to choose; `config_invalid`
 * where a rule that would have to be asked is none.
 */
export async function chooseCredential(
  named: string | undefined,
  needs: ChoiceNeeds,
  origins?: readonly string[],
): Promise<Choice> {
  const { environment, platforms } = needs;
  if (named !== undefined) return await filled(await fromName(named, needs), needs);
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
  return await filled(chosen, needs);
}

/** A token of a variable is for the profile that the platform's own variable names, if no other host is named. */
function withHost(own: Choice, { host }: Profile): Choice {
  if (own.kind !== "environment" || own.host !== undefined || host === undefined) return own;
  return { ...own, host };
}

/**
 * The profile that was chosen; or what the environment says where that leaves open how it signs in. What is kept for
 * the profile goes before that, unless the file says that a program signs in.
 */
async function filled(
  choice: Choice & { kind: "profile" },
  { environment, platforms, storage }: ChoiceNeeds,
): Promise<Choice> {
  const { profile } = choice;
  const { open } = profile;
  const platform = platforms.find(({ id }) => id === profile.provider);
  if (open === undefined || platform === undefined) return choice;
  const { fillProfile } = await import("./complete_profile.ts");
  const found = fillProfile({ ...profile, open }, platform, environment);
  if (found === undefined || storage === undefined || open.isProgram) return found ?? choice;
  const { store } = await storage(profile);
  return await store.get(accountOf(profile)) === undefined ? found : choice;
}

/** What the variables of a platform's own tools say; `profile` is what would answer without them. */
async function fromPlatform(
  platform: Platform,
  environment: Environment,
  profile: Profile | undefined,
): Promise<Choice | undefined> {
  const { id, variables, machines } = platform;
  const isSet = (name: string): boolean => environment.get(name) !== undefined;
  const way = machines?.choice === undefined ? undefined : environment.get(machines.choice)?.trim();
  const isToken = !way || way === machines?.tokenWay;
  if (isToken && variables?.token.some(isSet)) {
    const own = { ...fromEnvironment(variables, environment), provider: id };
    return variables.format === "jwt" ? await readAsJwt(own) : own;
  }
  if (machines === undefined) return undefined;
  if (!programVariables(machines).some((name) => environment.get(name)?.trim())) return undefined;
  const { chooseWorkload } = await import("./workload_identity.ts");
  const host = profile?.host;
  const otherwise = { isLogin: profile !== undefined, ...present({ host }) };
  return chooseWorkload(platform, environment, otherwise);
}

/** What is chosen where nothing is named; a platform's tools may be told by their variables. */
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
  // Of several for one host the default is meant.
  if (source === variables?.host && host !== undefined && isSameHost(named, host)) return usual;
  try {
    return fromProfile(named, source, profiles);
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return isFree && source === variables?.host ? usual : error;
  }
}

/** What is chosen where nothing is named; the error is that nothing decides. */
async function chosenProfile(
  profiles: Profiles,
  { environment, here }: Pick<ChoiceNeeds, "environment" | "here">,
  origins?: readonly string[],
): Promise<Choice & { kind: "profile" } | FobError> {
  const variable = environment.get(profileVariable);
  if (variable !== undefined) return fromProfile(variable, profileVariable, profiles);
  const ruled = await findRuled(profiles, { here, ...(origins && { origins }) });
  if (ruled !== undefined) return fromProfile(ruled.profile, ruled.source, profiles);
  const chosen = profiles.byDefault();
  if (chosen !== undefined) return fromProfile(chosen, "default_profile", profiles);
  return onlyProfile(profiles);
}

/**
 * The profile that a rule chooses for `spot`, of those that it may be, and that rule. Where there are no rules,
 * nothing is loaded or looked at.
 */
export async function findRuled(
  profiles: Profiles,
  spot: RuleContext,
  isMeant?: (profile: string) => boolean,
): Promise<{ readonly profile: string; readonly source: string } | undefined> {
  if (profiles.ruleSections().length === 0) return undefined;
  const { chooseRule } = await import("./rule_match.ts");
  return await chooseRule(profiles, spot, isMeant);
}

/** The same choice among profiles alone where none is named, for commands that are about what is kept. */
export async function chooseProfile(needs: Omit<ChoiceNeeds, "platforms">): Promise<Profile> {
  const chosen = await chosenProfile(await needs.profiles(), needs);
  if (chosen instanceof FobError) throw chosen;
  return chosen.profile;
}

/** Where several profiles are for the host that is named, a rule may say which. */
async function fromName(
  named: string,
  { profiles: read, here }: ChoiceNeeds,
): Promise<Choice & { kind: "profile" }> {
  const profiles = await read({ named });
  const shared = profiles.get(named) === undefined ? sharing(named, profiles) : [];
  const ruled = shared.length < 2 ? undefined : await findRuled(
    profiles,
    { here, origins: originsOf(named) },
    (name) => shared.some((it) => it.name === name),
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
      `Which profile? There are ${profiles.names().join(", ")}, and none is the default`,
      {
        facts: { option: "--profile, or choose one: fob auth switch" },
      },
    );
  }
  return { kind: "profile", source: `the only profile in "${profiles.path}"`, profile: first };
}

/**
 * The profile of that name, or else the one for that host.
 *
 * @throws {FobError} `unknown_profile` with the nearest names, or `usage` where several share the host.
 */
export function findProfile(
  nameOrHost: string,
  profiles: Profiles,
  source = commandLine,
): Profile {
  const byName = profiles.get(nameOrHost);
  if (byName !== undefined) return byName;
  if (/:[^]*@/.test(nameOrHost)) {
    throw new FobError("usage", "The host that was given has credentials in it");
  }
  const byHost = sharing(nameOrHost, profiles);
  if (byHost.length > 1) {
    const names = byHost.map(({ name }) => name).join(", ");
    throw new FobError("usage", `Several profiles are for "${nameOrHost}": ${names}`, {
      facts: { option: "--profile" },
    });
  }
  const found = byHost[0] ??
    (looksLikeHost(nameOrHost) ? profiles.foreignForHost(nameOrHost) : undefined);
  if (found !== undefined) return found;
  const namedBy = source === commandLine ? "" : `, which ${source} names,`;
  throw new FobError(
    "unknown_profile",
    `There is no profile "${shownName(nameOrHost)}"${namedBy} in "${profiles.path}"`,
    {
      facts: {
        near: nearest(nameOrHost, profiles.names()).map((name) => `"${name}"`).join(" or "),
      },
    },
  );
}

/** Fob's own profiles for what may be a host. */
function sharing(text: string, profiles: Profiles): Profile[] {
  if (!looksLikeHost(text)) return [];
  const own = profiles.ownNames();
  return profiles.all().filter(({ name, host }) =>
    own.includes(name) && host !== undefined && isSameHost(text, host)
  );
}
