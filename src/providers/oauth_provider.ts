import { FobError } from "../errors.ts";
import { authorizationCodeGrant } from "../oauth/authorization_code.ts";
import { type Client, type ClientCredentials, openClient } from "../oauth/client.ts";
import { clientCredentialsGrant } from "../oauth/client_credentials.ts";
import { skewNotice } from "../oauth/clock_skew.ts";
import { deviceAuthorizationGrant, type Sleep } from "../oauth/device_authorization.ts";
import { boundedFetch, type BoundedFetchOptions } from "../oauth/http.ts";
import {
  type DiscoveredServer,
  discoverFromHost,
  discoverIssuer,
  type Lookup,
} from "../oauth/metadata.ts";
import { documentedServer } from "../oauth/documented_server.ts";
import { retryingFetch, type RetryNeeds } from "../oauth/retry.ts";
import { failed, type Revocation, revokeTokens } from "../oauth/revocation.ts";
import { requireSecureUrl } from "../oauth/secure_url.ts";
import { type Granted, refreshTokens } from "../oauth/token_endpoint.ts";
import type { Authorization, TokenSet } from "../oauth/token_set.ts";
import { machineScopes, signInMachine } from "./machine_sign_in.ts";
import type { Secret } from "../secret.ts";
import type { Platform } from "./platform.ts";
import type {
  FoundServer,
  LocatedServer,
  OAuthProvider,
  PlatformWays,
  SignedIn,
  SignInTarget,
} from "./provider.ts";

export interface OAuthNeeds extends BoundedFetchOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How the wait between two questions about a device code passes. */
  readonly sleep?: Sleep;
  /** How the wait passes before a program asks a busy server again; without it, it does not. */
  readonly pause?: RetryNeeds["sleep"];
}

/** A platform that speaks OAuth: by its own data, its metadata and, where it has any, its own ways. */
export function oauthProvider(
  platform: Platform,
  needs: OAuthNeeds,
  ways: PlatformWays = standardWays(platform),
): OAuthProvider {
  const { now, sleep, pause } = needs;
  const lookup = { fetch: boundedFetch(needs), now };
  const reopen = (authorization: Authorization): Promise<Client> =>
    reopenClient(authorization, ways, lookup);
  return {
    id: platform.id,

    async signIn(asked, way, agent, keep, signal): Promise<SignedIn> {
      const target = completed(asked, platform);
      if (target.host === undefined && target.issuer === undefined && platform.front) {
        const { signInAtFront } = await import("./front_sign_in.ts");
        const scopes = lasting(target.scopes ?? [], platform);
        const needs = { platform, ways, lookup: { ...lookup, signal } };
        return await signInAtFront({ ...target, scopes }, agent, keep, signal, needs);
      }
      const opened = await open(asked, platform, ways, { ...lookup, signal });
      const notice = skewNotice(opened.server.skew ?? 0);
      if (notice !== undefined) agent.notice(notice);
      const { metadata } = opened.server;
      const host = requireSecureUrl(target.host ?? metadata.issuer, "host");
      const request = {
        scopes: lasting(target.scopes ?? defaultScopes(opened.server), platform),
        host: host.host,
        keep: async (granted: Granted) => void await keep(kept = await identified(granted)),
        ...(platform.redirect === undefined ? {} : { redirect: platform.redirect }),
        ...(opened.parameters === undefined ? {} : { parameters: opened.parameters }),
        ...(sleep === undefined ? {} : { sleep }),
      };
      let kept: SignedIn | undefined;
      const identified = async (granted: Granted): Promise<SignedIn> => {
        const signedIn = { ...opened.basis, ...granted };
        const identity = granted.identity ??
          await ways.identify(signedIn, host.origin, lookup).catch(() => undefined);
        return { ...signedIn, ...(identity === undefined ? {} : { identity }) };
      };
      const hasDevice = metadata.device_authorization_endpoint !== undefined;
      const byDevice = way === "device" || (way === "headless" && hasDevice);
      const grant = byDevice ? deviceAuthorizationGrant : authorizationCodeGrant;
      const granted = await grant(opened.client, request, agent, signal);
      return kept ?? { ...opened.basis, ...granted };
    },

    async find(asked, signal): Promise<FoundServer> {
      const { server } = await ways.findServer(completed(asked, platform), { ...lookup, signal });
      const { metadata, skew } = server;
      return { issuer: metadata.issuer, ...(skew === undefined ? {} : { skew }) };
    },

    async refresh(authorization, exchange = (send) => send()): Promise<TokenSet> {
      const client = await reopen(authorization);
      return await exchange(async () => {
        try {
          return await refreshTokens(client, authorization.tokens);
        } catch (error) {
          throw asEnding(error, platform);
        }
      });
    },

    async signInClient(asked): Promise<SignedIn> {
      const target = completed(asked, platform);
      const { client, basis } = await open(asked, platform, ways, lookup);
      return { ...basis, tokens: await authenticateClient(client, machineScopes(target)) };
    },

    async authenticate(authorization): Promise<TokenSet> {
      const { scope = "" } = authorization.tokens;
      const scopes = scope.split(" ").filter((one) => one !== "");
      return await authenticateClient(await reopen(authorization), scopes);
    },

    async signInMachine(asked, vouch): Promise<TokenSet> {
      // The platform's own client is one for people.
      const { clientId: _client, ...known } = completed(asked, platform);
      const fetch = pause === undefined
        ? lookup.fetch
        : retryingFetch(lookup.fetch, { now, sleep: pause });
      return await signInMachine({ ...known, ...asked }, ways, vouch, { ...lookup, fetch });
    },

    async signInWithPassword(asked, username, password): Promise<Secret> {
      const { host = "" } = completed(asked, platform);
      if (ways.tokenForPassword === undefined) {
        throw new FobError("usage", `${platform.title} has no sign-in with a password`);
      }
      return await ways.tokenForPassword(
        requireSecureUrl(host, "host"),
        username,
        password,
        lookup,
      );
    },

    async revoke(authorization): Promise<Revocation> {
      try {
        return await revokeTokens(await reopen(authorization), authorization.tokens);
      } catch (error) {
        return failed(error);
      }
    },
  };
}

function asEnding(error: unknown, { endings }: Platform): unknown {
  const isEnding = error instanceof FobError && error.code === "provider_refused" &&
    endings?.includes(error.facts["reason"] ?? "");
  if (!isEnding) return error;
  return new FobError("sign_in_again", error.message, { cause: error, facts: error.facts });
}

/** The ways of RFC 8414, RFC 9728 and OpenID Connect Discovery. */
function standardWays(platform: Platform): PlatformWays {
  const serverOf = async (issuer: string, lookup: Lookup): Promise<DiscoveredServer> =>
    platform.server?.issuer === issuer
      ? documentedServer(platform.server)
      : await discoverIssuer(issuer, lookup);
  return {
    serverOf,
    async findServer({ issuer, host }, lookup): Promise<LocatedServer> {
      if (issuer !== undefined) return { server: await serverOf(issuer, lookup) };
      if (host !== undefined) return { server: await discoverFromHost(host, lookup) };
      throw new FobError("usage", "There is nowhere to sign in to: no host and no issuer");
    },
    identify: () => Promise.resolve(undefined),
  };
}

/** A client at the server that was found, and what will be kept beside the tokens. */
async function open(
  asked: SignInTarget,
  platform: Platform,
  ways: PlatformWays,
  lookup: Lookup,
): Promise<
  Pick<LocatedServer, "server" | "parameters"> & {
    readonly client: Client;
    readonly basis: Omit<SignedIn, "tokens">;
  }
> {
  const target = completed(asked, platform);
  const known = requireClient(target);
  const { server, place, clientId, parameters } = await ways.findServer(target, lookup);
  const isOwn = asked.clientId === undefined && clientId !== undefined;
  const credentials = isOwn ? { ...known, clientId } : known;
  const basis = {
    issuer: server.metadata.issuer,
    ...credentials,
    ...(server.resource === undefined ? {} : { resource: server.resource }),
    ...(place === undefined ? {} : { place }),
  };
  const client = openClient(server, credentials, lookup);
  return { client, server, basis, ...(parameters === undefined ? {} : { parameters }) };
}

/** What a person asked for, and the platform's own where they did not. */
function completed(
  asked: SignInTarget,
  { host, server, clientId, scopes }: Platform,
): SignInTarget {
  // The platform's own server issues nothing for a host of somebody else's.
  const isElsewhere = asked.host !== undefined && asked.host !== host;
  const known = { host, issuer: isElsewhere ? undefined : server?.issuer, clientId, scopes };
  const present = Object.entries(known).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(present), ...asked };
}

/** What was granted is what will be asked for again, so a server that says nothing of it has granted all. */
async function authenticateClient(client: Client, scopes: readonly string[]): Promise<TokenSet> {
  const { tokens } = await clientCredentialsGrant(client, { scopes });
  return tokens.scope === undefined && scopes.length > 0
    ? { ...tokens, scope: scopes.join(" ") }
    : tokens;
}

function requireClient({ clientId, clientSecret }: SignInTarget): ClientCredentials {
  if (clientId === undefined || clientId === "") {
    throw new FobError("usage", "There is no client to sign in as: --client-id is missing", {
      facts: { option: "--client-id" },
    });
  }
  return clientSecret === undefined ? { clientId } : { clientId, clientSecret };
}

/** What is asked for, with what brings a refresh token. */
function lasting(scopes: readonly string[], { refreshScope }: Platform): readonly string[] {
  if (refreshScope === undefined || scopes.includes(refreshScope)) return scopes;
  return [refreshScope, ...scopes];
}

/** What fob asks for by itself: who signs in, and a refresh token, as far as the server offers that. */
function defaultScopes({ metadata, openid }: DiscoveredServer): readonly string[] {
  const wanted = ["openid", "email", "offline_access"];
  const offered = metadata.scopes_supported;
  if (offered === undefined) return openid ? wanted : [];
  return wanted.filter((scope) => offered.includes(scope));
}

/** The client of a sign-in that was: its tokens go to the issuer that they came from, found anew. */
async function reopenClient(
  authorization: Authorization,
  ways: PlatformWays,
  lookup: Lookup,
): Promise<Client> {
  const { issuer, resource } = authorization;
  const server = await ways.serverOf(issuer, lookup);
  const named = resource === undefined ? server : { ...server, resource };
  return openClient(named, authorization, lookup);
}
