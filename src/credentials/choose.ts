import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import type { Environment } from "../system/environment.ts";
import { nearest } from "./nearest.ts";
import { isSameHost, looksLikeHost, type Profile, shown } from "./profile.ts";
import type { Profiles } from "./profiles.ts";

/** Which credential answers, and why that one. */
export type Choice =
  | {
    readonly kind: "environment";
    readonly source: string;
    readonly token: Secret;
    readonly host?: string;
  }
  | { readonly kind: "profile"; readonly source: string; readonly profile: Profile };

/** What the choice needs. The profile file is read only when it decides. */
export interface ChoiceNeeds {
  readonly environment: Environment;
  readonly profiles: () => Promise<Profiles>;
}

const commandLine = "the command line";

/**
 * The first that there is: the profile or host `named` on the command line, `API_TOKEN`, `FOB_PROFILE`,
 * the default profile, the only profile.
 *
 * @throws {FobError} `unknown_profile`, or `not_signed_in` where there is none to choose.
 */
export async function chooseCredential(
  named: string | undefined,
  needs: ChoiceNeeds,
): Promise<Choice> {
  if (named !== undefined) return fromProfile(named, commandLine, await needs.profiles());
  const token = needs.environment.get("API_TOKEN");
  if (token !== undefined) return fromEnvironment(token, needs.environment.get("API_HOST"));
  const variable = needs.environment.get("FOB_PROFILE");
  const profiles = await needs.profiles();
  if (variable !== undefined) return fromProfile(variable, "FOB_PROFILE", profiles);
  const chosen = profiles.setting("default_profile");
  if (chosen !== undefined) {
    return fromProfile(chosen, "default_profile", profiles);
  }
  return onlyProfile(profiles);
}

/** The same choice among profiles alone, for commands that are about what is kept. */
export function chooseProfile(
  named: string | undefined,
  environment: Environment,
  profiles: Profiles,
): Profile {
  if (named !== undefined) return findProfile(named, profiles);
  const variable = environment.get("FOB_PROFILE");
  if (variable !== undefined) return findProfile(variable, profiles, "FOB_PROFILE");
  const chosen = profiles.setting("default_profile");
  return chosen === undefined
    ? onlyProfile(profiles).profile
    : findProfile(chosen, profiles, "default_profile");
}

function fromEnvironment(value: string, host: string | undefined): Choice {
  const token = value.trim();
  if (token === "" || /[\p{Cc}\s]/u.test(token)) {
    throw new FobError("usage", "API_TOKEN is no token: it has spaces or control characters in it");
  }
  if (host?.includes("@")) throw new FobError("usage", "API_HOST has credentials in it");
  const source = "API_TOKEN";
  return {
    kind: "environment",
    source,
    token: new Secret(token),
    ...(host === undefined ? {} : { host }),
  };
}

function fromProfile(name: string, source: string, profiles: Profiles): Choice {
  return { kind: "profile", source, profile: findProfile(name, profiles, source) };
}

function onlyProfile(profiles: Profiles): Choice & { kind: "profile" } {
  const [first, ...others] = profiles.all();
  if (first === undefined) throw new FobError("not_signed_in", "No profile is set up");
  if (others.length > 0) {
    throw new FobError(
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
  const byHost = looksLikeHost(nameOrHost)
    ? profiles.all().filter(({ host }) => host !== undefined && isSameHost(nameOrHost, host))
    : [];
  if (byHost.length > 1) {
    const names = byHost.map(({ name }) => name).join(", ");
    throw new FobError("usage", `Several profiles are for "${nameOrHost}": ${names}`, {
      facts: { option: "--profile" },
    });
  }
  if (byHost[0] !== undefined) return byHost[0];
  const namedBy = source === commandLine ? "" : `, which ${source} names,`;
  throw new FobError(
    "unknown_profile",
    `There is no profile "${shown(nameOrHost)}"${namedBy} in "${profiles.path}"`,
    {
      facts: {
        near: nearest(nameOrHost, profiles.names()).map((name) => `"${name}"`).join(" or "),
      },
    },
  );
}
