import { present } from "../present.ts";
import type { Secret } from "../secret.ts";
import { type Choice, type ChoiceNeeds, findProfile } from "./choose.ts";
import { readAsJwt } from "./environment_token.ts";
import { platformFor } from "./place.ts";
import { looksLikeHost } from "./profile.ts";

/** The platform and host of a token that is passed for one run. */
export interface TokenPlace {
  readonly provider?: string;
  readonly host?: string;
}

/**
 * Returns the platform and host of a token that is passed for one run: of the host or profile `named`, ignoring its
 * login; otherwise of `API_HOST` or the host variable of a platform.
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

/** Returns the choice of a token that `source` provides for one run. It is not stored. */
export async function chooseTokenArgument(
  token: Secret,
  source: string,
  place: TokenPlace,
  { platforms }: Pick<ChoiceNeeds, "platforms">,
): Promise<Choice> {
  const given = { kind: "environment", source, token, ...place } as const;
  const platform = platforms.find(({ id }) => id === place.provider);
  return platform?.variables?.format === "jwt" ? await readAsJwt(given) : given;
}
