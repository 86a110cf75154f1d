import type { OAuthCredential } from "../credentials/credential.ts";
import type { TokenSet } from "../oauth/token_set.ts";
import { present } from "../present.ts";
import type { TokenCacheFile, TokenEntry } from "../stores/token_cache_file.ts";
import { addressOfProfile, type DatabricksProfile, signedIn } from "./config_file.ts";
import {
  type DatabricksAddress,
  type DatabricksServer,
  hostKeyOf,
  isAccountHost,
  issuerOf,
  serverFor,
} from "./host.ts";

/** The operations of Databricks' token cache that the mode `legacy` uses. */
export type TokenCache = Pick<TokenCacheFile, "read" | "write" | "remove">;

/** A login in the token cache, and the kind of key it was found under. */
export interface LegacyLogin {
  readonly credential: OAuthCredential;
  /**
   * `host`: its profile and scopes are unknown. It can be used and refreshed for any profile of that host, but is
   * never stored under a profile.
   */
  readonly from: "profile" | "host";
}

/** The public client of Databricks' CLI. */
const databricksClient = "databricks-cli";

/**
 * Returns the login for the profile `name`, if given, otherwise the login for its server. Throws the store's errors.
 */
export async function readLegacyLogin(
  name: string | undefined,
  server: DatabricksServer,
  cache: TokenCache,
): Promise<LegacyLogin | undefined> {
  const own = name === undefined ? undefined : await cache.read(name);
  if (own !== undefined) return { credential: toCredential(own, server), from: "profile" };
  const shared = await cache.read(hostKeyOf(server));
  return shared && { credential: toCredential(shared, server), from: "host" };
}

/**
 * Stores a new or refreshed login in one write. A profile's login is stored under its name and, for the SDKs that
 * read that key, under its server. A login `from` the host is stored under the server only.
 */
export async function writeLegacyLogin(
  { credential, from }: LegacyLogin,
  name: string | undefined,
  server: DatabricksServer,
  cache: TokenCache,
): Promise<void> {
  const isOwn = from === "profile" && name !== undefined;
  await cache.write(toEntry(credential.tokens), [...isOwn ? [name] : [], hostKeyOf(server)]);
}

/**
 * Returns the keys that a logout from `profile` removes: its name, and its server unless another of `profiles` uses
 * that too. Returns none for a profile without a user login. It is unknown whether the host has an account's server,
 * so both keys are removed.
 */
export function keysToRemove(
  profile: DatabricksProfile,
  profiles: readonly DatabricksProfile[],
): string[] {
  if (profile.authType !== signedIn) return [];
  const others = profiles.filter(({ name, authType }) =>
    name !== profile.name && authType === signedIn
  );
  const inUse = new Set(others.flatMap((other) => hostKeysOf(other)));
  return [profile.name, ...hostKeysOf(profile).filter((key) => !inUse.has(key))];
}

/** Returns all possible keys of a server's login. Only the host's metadata, which is not read, shows which one is used. */
function hostKeysOf(profile: DatabricksProfile): string[] {
  const address = addressOfProfile(profile);
  if (address === undefined || lacksAccount(address)) return [];
  const servers = [serverFor(address), serverFor(address, `${address.host}/oidc/accounts/`)];
  return [...new Set(servers.map(hostKeyOf))];
}

function lacksAccount({ host, accountId }: DatabricksAddress): boolean {
  return isAccountHost(host) && accountId === undefined;
}

function toCredential(entry: TokenEntry, server: DatabricksServer): OAuthCredential {
  return {
    kind: "oauth",
    host: server.host,
    issuer: issuerOf(server),
    clientId: databricksClient,
    tokens: toTokens(entry),
  };
}

/** Computes when the token was obtained from its expiry and lifetime: 0 if one of them is missing. */
function toTokens({ accessToken, tokenType, refreshToken, ...life }: TokenEntry): TokenSet {
  // Without an access token the login can only be refreshed.
  const expiresAt = accessToken.reveal() === "" ? 0 : life.expiresAt;
  const lifetime = (life.expiresIn ?? Infinity) * 1000;
  return {
    accessToken,
    tokenType,
    obtainedAt: Math.max(0, (expiresAt ?? 0) - lifetime),
    ...present({ expiresAt, refreshToken }),
  };
}

function toEntry(
  { accessToken, tokenType, refreshToken, expiresAt, obtainedAt }: TokenSet,
): TokenEntry {
  const isKnown = expiresAt !== undefined && obtainedAt > 0;
  const expiresIn = isKnown ? Math.round((expiresAt - obtainedAt) / 1000) : 0;
  return {
    accessToken,
    tokenType,
    ...present({ refreshToken, expiresAt }),
    ...(expiresIn > 0 ? { expiresIn } : {}),
  };
}
