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
import { failed, type Revocation, revokeTokens } from "../oauth/revocation.ts";
import { requireSecureUrl } from "../oauth/secure_url.ts";
import { type Granted, refreshTokens } from "../oauth/token_endpoint.ts";
import type { Authorization, TokenSet } from "../oauth/token_set.ts";
import type { Platform } from "./platform.ts";
import type { FoundServer, OAuthProvider, SignInTarget } from "./provider.ts";

export interface OAuthNeeds extends BoundedFetchOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How the wait between two questions about a device code passes. */
  readonly sleep?: Sleep;
}

/** A platform that speaks OAuth, as far as its own data and its metadata tell how. */
export function oauthProvider(platform: Platform, needs: OAuthNeeds): OAuthProvider {
  const { now, sleep } = needs;
  const lookup = { fetch: boundedFetch(needs), now };
  return {
    id: platform.id,

    async signIn(asked, way, agent, keep, signal): Promise<Authorization> {
      const target = completed(asked, platform);
      const credentials = requireClient(target);
      const server = await findServer(target, platform, { ...lookup, signal });
      const notice = skewNotice(server.skew ?? 0);
      if (notice !== undefined) agent.notice(notice);
      const client = openClient(server, credentials, { ...lookup, signal });
      const authorize = (granted: Granted): Authorization => ({
        issuer: server.metadata.issuer,
        ...credentials,
        ...(server.resource === undefined ? {} : { resource: server.resource }),
        ...granted,
      });
      const request = {
        scopes: target.scopes ?? defaultScopes(server),
        host: requireSecureUrl(target.host ?? server.metadata.issuer, "host").host,
        keep: (granted: Granted) => keep(authorize(granted)),
        ...(sleep === undefined ? {} : { sleep }),
      };
      const hasDevice = server.metadata.device_authorization_endpoint !== undefined;
      const byDevice = way === "device" || (way === "headless" && hasDevice);
      const grant = byDevice ? deviceAuthorizationGrant : authorizationCodeGrant;
      return authorize(await grant(client, request, agent, signal));
    },

    async find(asked, signal): Promise<FoundServer> {
      const target = completed(asked, platform);
      const { metadata, skew } = await findServer(target, platform, { ...lookup, signal });
      return { issuer: metadata.issuer, ...(skew === undefined ? {} : { skew }) };
    },

    async refresh(authorization, exchange = (send) => send()): Promise<TokenSet> {
      const client = await reopenClient(authorization, platform, lookup);
      return await exchange(() => refreshTokens(client, authorization.tokens));
    },

    async signInClient(asked): Promise<Authorization> {
      const target = completed(asked, platform);
      const credentials = requireClient(target);
      const server = await findServer(target, platform, lookup);
      const client = openClient(server, credentials, lookup);
      const tokens = await authenticateClient(client, target.scopes ?? []);
      return {
        issuer: server.metadata.issuer,
        ...credentials,
        ...(server.resource === undefined ? {} : { resource: server.resource }),
        tokens,
      };
    },

    async authenticate(authorization): Promise<TokenSet> {
      const client = await reopenClient(authorization, platform, lookup);
      const { scope = "" } = authorization.tokens;
      return await authenticateClient(client, scope.split(" ").filter((one) => one !== ""));
    },

    async revoke(authorization): Promise<Revocation> {
      try {
        const client = await reopenClient(authorization, platform, lookup);
        return await revokeTokens(client, authorization.tokens);
      } catch (error) {
        return failed(error);
      }
    },
  };
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

async function findServer(
  { issuer, host }: SignInTarget,
  platform: Platform,
  lookup: Lookup,
): Promise<DiscoveredServer> {
  if (issuer !== undefined) return await serverOf(issuer, platform, lookup);
  if (host !== undefined) return await discoverFromHost(host, lookup);
  throw new FobError("usage", "There is nowhere to sign in to: no host and no issuer");
}

async function serverOf(
  issuer: string,
  platform: Platform,
  lookup: Lookup,
): Promise<DiscoveredServer> {
  const documented = platform.server;
  return documented?.issuer === issuer
    ? documentedServer(documented)
    : await discoverIssuer(issuer, lookup);
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
  platform: Platform,
  lookup: Lookup,
): Promise<Client> {
  const { issuer, resource } = authorization;
  const server = await serverOf(issuer, platform, lookup);
  const named = resource === undefined ? server : { ...server, resource };
  return openClient(named, authorization, lookup);
}
