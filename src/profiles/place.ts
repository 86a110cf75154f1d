import type { Platform } from "../providers/platform.ts";
import { webOrigin } from "../text/address.ts";
import type { Profile } from "./profile.ts";

/** Where a tool sends the credential that it requests. */
export interface Place {
  /** The origins that the request may mean, serialized by the URL Standard. A stored credential belongs to the first. */
  readonly origins: readonly [string, ...string[]];
  /** The path without its leading slash. Absent if empty. */
  readonly path?: string;
}

/** Returns the origin, with its port, of the first of `hosts` that is at `place`, or `undefined`. */
export function originAt({ origins }: Place, hosts: readonly string[]): string | undefined {
  return hosts.map(webOrigin)
    .find((origin) => origin !== undefined && origins.includes(origin));
}

/**
 * The hosts that the token of `profile` may be sent to: its own host and, if that is its platform's API, the
 * platform's other hosts that accept the same tokens.
 */
export function hostsOf(
  profile: Pick<Profile, "provider" | "host">,
  platforms: readonly Platform[],
): readonly string[] {
  const platform = platforms.find(({ id }) => id === profile.provider);
  const host = profile.host ?? platform?.host;
  if (host === undefined) return [];
  const isPlatforms = webOrigin(host) === webOrigin(platform?.host ?? "");
  return [host, ...isPlatforms ? platform?.tokenHosts ?? [] : []];
}

/** Returns the platform with that id or, without an id, the platform with the domain of `host`. */
export function platformFor(
  id: string | undefined,
  host: string | undefined,
  platforms: readonly Platform[],
): Platform | undefined {
  if (id !== undefined) return platforms.find((platform) => platform.id === id);
  const name = host === undefined ? undefined : URL.parse(host)?.hostname;
  return platforms.find(({ domains }) => domains?.some((domain) => name?.endsWith(domain)));
}
