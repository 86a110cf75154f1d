import type { Platform, TokenApi } from "../providers/platform.ts";
import type { EnvironmentNeeds } from "./environment_token.ts";
import { platformFor } from "./place.ts";

/** A platform with a token API. */
export type TokenPlatform = Platform & { readonly tokenApi: TokenApi };

/**
 * Returns the platform with the token API for `host`: the platform with the domain of the host; otherwise the
 * platform with its host variable set; otherwise the first, because a host can have any name.
 */
export function tokenPlatform(
  host: string | undefined,
  { platforms, environment }: EnvironmentNeeds,
): TokenPlatform | undefined {
  const able = platforms.filter((it): it is TokenPlatform => it.tokenApi !== undefined);
  const named = platformFor(undefined, host, able);
  const isSet = (name: string | undefined): boolean =>
    name !== undefined && environment.get(name) !== undefined;
  return able.find((it) => it === named) ?? able.find((it) => isSet(it.variables?.host)) ?? able[0];
}
