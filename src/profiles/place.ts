import type { Platform } from "../providers/platform.ts";
import { webOrigin } from "../text/address.ts";
import type { Profile } from "./profile.ts";

/** Where a tool will send what it asks for. */
export interface Place {
  /** The origins that it may mean, as the URL Standard writes them. What is kept is kept for the first. */
  readonly origins: readonly [string, ...string[]];
  /** What follows the host, without the slash at its start; absent where nothing does. */
  readonly path?: string;
}

/** The first of `hosts` that is at `place`, as an origin, port and all; `undefined` where none is. */
export function originAt({ origins }: Place, hosts: readonly string[]): string | undefined {
  return hosts.map(webOrigin)
    .find((origin) => origin !== undefined && origins.includes(origin));
}

/**
 * The addresses that the token of `profile` may be sent to: its host, and where that is its platform's own,
 * the others of the platform that take the same tokens.
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

/** The platform that is meant by its id or, where none is given, by the name of its host. */
export function platformFor(
  id: string | undefined,
  host: string | undefined,
  platforms: readonly Platform[],
): Platform | undefined {
  if (id !== undefined) return platforms.find((platform) => platform.id === id);
  const name = host === undefined ? undefined : URL.parse(host)?.hostname;
  return platforms.find(({ domains }) => domains?.some((domain) => name?.endsWith(domain)));
}
