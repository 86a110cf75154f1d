import type { Platform, TokenApi } from "../providers/platform.ts";
import type { EnvironmentNeeds } from "./environment_token.ts";
import { platformFor } from "./place.ts";

/** A platform that makes tokens by an API. */
export type TokenPlatform = Platform & { readonly tokenApi: TokenApi };

/**
 * The platform that makes tokens for `host`: the one whose domain the host is in, because that is certain; else
 * the one whose host variable is set; else the first, because a host may have any name.
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
