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

/** Databricks' token cache, as the mode `legacy` uses it. */
export type TokenCache = Pick<TokenCacheFile, "read" | "write" | "remove">;

/** A login of the token cache, and the key that it was found under. */
export interface LegacyLogin {
  readonly credential: OAuthCredential;
  /**
   * `host`: nobody knows which profile it is of, nor which scopes it has. It may be used and refreshed
   * for any profile of that host, and becomes no profile's own.
   */
  readonly from: "profile" | "host";
}

/** The public client that Databricks' servers know its CLI as. */
const databricksClient = "databricks-cli";

/**
 * The login that the cache has for the profile called `name`, if one is named, or else the one for its
 * server. Throws the store's errors.
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
 * Keeps a login, new or refreshed, in one write: a profile's own under its name and, for the SDKs that
 * look there, under its server; one `from` the host goes back there alone.
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
 * The keys under which a logout from `profile` removes: its name, and its server unless the login of
 * another of `profiles` is of that too. None for a profile whose tokens come from elsewhere.
 * It is not known whether an account's server is behind the host, so no login is left at either.
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

/** The keys that a server's login may have: the host's metadata, which is not read, would say which. */
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

/** When a token was obtained follows from its two lifetimes; where one is missing, it was long ago. */
function toTokens({ accessToken, tokenType, refreshToken, ...life }: TokenEntry): TokenSet {
  // Without an access token there is only something to refresh.
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
