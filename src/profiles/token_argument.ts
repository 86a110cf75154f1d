import { present } from "../present.ts";
import type { Secret } from "../secret.ts";
import { type Choice, type ChoiceNeeds, findProfile } from "./choose.ts";
import { readAsJwt } from "./environment_token.ts";
import { platformFor } from "./place.ts";
import { looksLikeHost } from "./profile.ts";

/** What a token is for that is given for one run. */
export interface TokenPlace {
  readonly provider?: string;
  readonly host?: string;
}

/**
 * What a token is for that is given for one run: what `named` is, a host or a profile, whose login does not
 * count; or else what the environment says by `API_HOST`, or by the variable of a platform.
 *
 * @throws {FobError} `unknown_profile`.
 */
export async function findTokenPlace(
  named: string | undefined,
  { environment, platforms, profiles }: ChoiceNeeds,
): Promise<TokenPlace> {
  if (named !== undefined && !looksLikeHost(named)) {
    const { provider, host } = findProfile(named, await profiles());
    return { provider, ...present({ host }) };
  }
  const said = named ?? environment.get("API_HOST");
  if (said !== undefined) {
    const host = said.includes("://") ? said : `https://${said}`;
    const provider = platformFor(undefined, host, platforms)?.id;
    return { host, ...present({ provider }) };
  }
  for (const { id, variables } of platforms) {
    const host = variables?.host && environment.get(variables.host);
    if (host) return { provider: id, host };
  }
  return {};
}

/** The choice of a token that `source` gives for one run: nothing knows of it but this process. */
export async function chooseGiven(
  token: Secret,
  source: string,
  place: TokenPlace,
  { platforms }: Pick<ChoiceNeeds, "platforms">,
): Promise<Choice> {
  const given = { kind: "environment", source, token, ...place } as const;
  const platform = platforms.find(({ id }) => id === place.provider);
  return platform?.variables?.format === "jwt" ? await readAsJwt(given) : given;
}
