import { FobError } from "../errors.ts";
import type { Client } from "../oauth/client.ts";
import { documentedServer } from "../oauth/documented_server.ts";
import { clientCredentialsGrant } from "../oauth/grants/client_credentials.ts";
import type { Sleep } from "../oauth/grants/device_authorization.ts";
import { boundedFetch, type BoundedFetchOptions } from "../oauth/http.ts";
import {
  type DiscoveredServer,
  discoverFromHost,
  discoverIssuer,
  type Lookup,
} from "../oauth/metadata.ts";
import { retryingFetch, type RetryNeeds } from "../oauth/retry.ts";
import { failed, type Revocation, revokeTokens } from "../oauth/revocation.ts";
import { requireSecureUrl } from "../oauth/secure_url.ts";
import { refreshTokens } from "../oauth/token_endpoint.ts";
import type { Authorization, TokenSet } from "../oauth/token_set.ts";
import { present } from "../present.ts";
import type { Secret } from "../secret.ts";
import { clientFor, clientForLogin, type PlatformAccess, withDefaults } from "./client_for.ts";
import type { Platform } from "./platform.ts";
import type {
  FoundServer,
  LocatedServer,
  OAuthProvider,
  PlatformHooks,
  SignedIn,
  SignInTarget,
} from "./provider.ts";
import { signInWorkload, workloadScopes } from "./workload_sign_in.ts";

/** What {@link oauthProvider} needs. */
export interface OAuthNeeds extends BoundedFetchOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits between two polls of a device code. */
  readonly sleep?: Sleep;
  /** Waits before a workload sign-in retries a busy server. Without it, there is no retry. */
  readonly pause?: RetryNeeds["sleep"];
}

/** Returns the OAuth provider of a platform, from its data, its metadata and its hooks. */
export function oauthProvider(
  platform: Platform,
  needs: OAuthNeeds,
  hooks: PlatformHooks = standardHooks(platform),
): OAuthProvider {
  const { now, sleep, pause } = needs;
  const access = { platform, hooks, lookup: { fetch: boundedFetch(needs), now } };
  const waiting = { ...access, ...present({ sleep }) };
  return {
    id: platform.id,
    // A refresh must not load this code.
    signIn: async (...asked) => {
      const { signInPerson } = await import("./person_sign_in.ts");
      return await signInPerson(...asked, waiting);
    },
    find: (asked, signal) => findServer(asked, signal, access),
    refresh: (authorization, exchange = (send) => send()) =>
      refresh(authorization, exchange, access),
    signInClient: (asked) => signInClient(asked, access),
    authenticate: (authorization) => authenticate(authorization, access),
    signInWorkload: (asked, getIdentityToken) =>
      signInProgram(asked, getIdentityToken, pause, access),
    signInWithPassword: (...asked) => signInWithPassword(...asked, access),
    revoke: (authorization) => revoke(authorization, access),
  };
}

async function findServer(
  asked: SignInTarget,
  signal: AbortSignal,
  { platform, hooks, lookup }: PlatformAccess,
): Promise<FoundServer> {
  const { server } = await hooks.findServer(withDefaults(asked, platform), { ...lookup, signal });
  const { metadata, skew } = server;
  return { issuer: metadata.issuer, ...present({ skew }) };
}

async function refresh(
  authorization: Authorization,
  exchange: NonNullable<Parameters<OAuthProvider["refresh"]>[1]>,
  access: PlatformAccess,
): Promise<TokenSet> {
  const client = await clientForLogin(authorization, access);
  return await exchange(async () => {
    try {
      return await refreshTokens(client, authorization.tokens);
    } catch (error) {
      throw asSignInAgain(error, access.platform);
    }
  });
}

function asSignInAgain(error: unknown, { expiredDescriptions }: Platform): unknown {
  const isExpired = error instanceof FobError && error.code === "provider_refused" &&
    expiredDescriptions?.includes(error.facts["reason"] ?? "");
  if (!isExpired) return error;
  return new FobError("sign_in_again", error.message, { cause: error, facts: error.facts });
}

async function signInClient(asked: SignInTarget, access: PlatformAccess): Promise<SignedIn> {
  const target = withDefaults(asked, access.platform);
  const { client, basis } = await clientFor(asked, access);
  return { ...basis, tokens: await authenticateClient(client, workloadScopes(target)) };
}

async function authenticate(
  authorization: Authorization,
  access: PlatformAccess,
): Promise<TokenSet> {
  const { scope = "" } = authorization.tokens;
  const scopes = scope.split(" ").filter((one) => one !== "");
  return await authenticateClient(await clientForLogin(authorization, access), scopes);
}

/** Stores the requested scopes if the response has none (RFC 6749 section 5.1): the next request needs them. */
async function authenticateClient(client: Client, scopes: readonly string[]): Promise<TokenSet> {
  const { tokens } = await clientCredentialsGrant(client, { scopes });
  return tokens.scope === undefined && scopes.length > 0
    ? { ...tokens, scope: scopes.join(" ") }
    : tokens;
}

/** Without `pause`, sends one request even if the server is busy. */
async function signInProgram(
  asked: Parameters<OAuthProvider["signInWorkload"]>[0],
  getIdentityToken: Parameters<OAuthProvider["signInWorkload"]>[1],
  pause: OAuthNeeds["pause"],
  { platform, hooks, lookup }: PlatformAccess,
): Promise<TokenSet> {
  // The platform's own client is for users only.
  const { clientId: _client, ...known } = withDefaults(asked, platform);
  const fetch = pause === undefined
    ? lookup.fetch
    : retryingFetch(lookup.fetch, { now: lookup.now, sleep: pause });
  return await signInWorkload({ ...known, ...asked }, hooks, getIdentityToken, {
    ...lookup,
    fetch,
  });
}

async function signInWithPassword(
  asked: SignInTarget,
  username: string,
  password: Secret,
  { platform, hooks, lookup }: PlatformAccess,
): Promise<Secret> {
  const { host = "" } = withDefaults(asked, platform);
  if (hooks.tokenForPassword === undefined) {
    throw new FobError("usage", `${platform.title} does not support signing in with a password`);
  }
  return await hooks.tokenForPassword(requireSecureUrl(host, "host"), username, password, lookup);
}

async function revoke(authorization: Authorization, access: PlatformAccess): Promise<Revocation> {
  try {
    return await revokeTokens(await clientForLogin(authorization, access), authorization.tokens);
  } catch (error) {
    return failed(error);
  }
}

/** The hooks for RFC 8414, RFC 9728 and OpenID Connect Discovery. */
function standardHooks(platform: Platform): PlatformHooks {
  const serverOf = async (issuer: string, lookup: Lookup): Promise<DiscoveredServer> =>
    platform.server?.issuer === issuer
      ? documentedServer(platform.server)
      : await discoverIssuer(issuer, lookup);
  return {
    serverOf,
    async findServer({ issuer, host }, lookup): Promise<LocatedServer> {
      if (issuer !== undefined) return { server: await serverOf(issuer, lookup) };
      if (host !== undefined) return { server: await discoverFromHost(host, lookup) };
      throw new FobError("usage", "--host or --issuer is required", {
        facts: { option: "--host URL or --issuer URL" },
      });
    },
    identify: () => Promise.resolve(undefined),
  };
}
