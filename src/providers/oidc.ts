import { FobError } from "../errors.ts";
import { authorizationCodeGrant } from "../oauth/authorization_code.ts";
import { type Client, type ClientCredentials, openClient } from "../oauth/client.ts";
import { skewNotice } from "../oauth/clock_skew.ts";
import { deviceAuthorizationGrant, type Sleep } from "../oauth/device_authorization.ts";
import { boundedFetch, type BoundedFetchOptions } from "../oauth/http.ts";
import {
  type DiscoveredServer,
  discoverFromHost,
  discoverIssuer,
  type Lookup,
} from "../oauth/metadata.ts";
import { failed, type Revocation, revokeTokens } from "../oauth/revocation.ts";
import { requireSecureUrl } from "../oauth/secure_url.ts";
import { type Granted, refreshTokens } from "../oauth/token_endpoint.ts";
import type { Authorization, TokenSet } from "../oauth/token_set.ts";
import type { OAuthProvider, SignInTarget } from "./provider.ts";

export interface OidcNeeds extends BoundedFetchOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How the wait between two questions about a device code passes. */
  readonly sleep?: Sleep;
}

/** Any authorization server that publishes metadata: OpenID Connect Discovery or RFC 8414. */
export function oidcProvider(needs: OidcNeeds): OAuthProvider {
  const { now, sleep } = needs;
  const lookup = { fetch: boundedFetch(needs), now };
  return {
    id: "oidc",

    async signIn(target, way, agent, keep, signal): Promise<Authorization> {
      const credentials = requireClient(target);
      const server = await discover(target, { ...lookup, signal });
      const notice = skewNotice(server.skew);
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

    async refresh(authorization, exchange = (send) => send()): Promise<TokenSet> {
      const client = await reopenClient(authorization, lookup);
      return await exchange(() => refreshTokens(client, authorization.tokens));
    },

    async revoke(authorization): Promise<Revocation> {
      try {
        return await revokeTokens(await reopenClient(authorization, lookup), authorization.tokens);
      } catch (error) {
        return failed(error);
      }
    },
  };
}

function requireClient({ clientId, clientSecret }: SignInTarget): ClientCredentials {
  if (clientId === undefined || clientId === "") {
    throw new FobError("usage", "There is no client to sign in as: --client-id is missing", {
      facts: { option: "--client-id" },
    });
  }
  return clientSecret === undefined ? { clientId } : { clientId, clientSecret };
}

async function discover({ issuer, host }: SignInTarget, lookup: Lookup): Promise<DiscoveredServer> {
  if (issuer !== undefined) return await discoverIssuer(issuer, lookup);
  if (host !== undefined) return await discoverFromHost(host, lookup);
  throw new FobError("usage", "There is nowhere to sign in to: no host and no issuer");
}

/** What fob asks for by itself: who signs in, and a refresh token, as far as the server offers that. */
function defaultScopes({ metadata, openid }: DiscoveredServer): readonly string[] {
  const wanted = ["openid", "email", "offline_access"];
  const offered = metadata.scopes_supported;
  if (offered === undefined) return openid ? wanted : [];
  return wanted.filter((scope) => offered.includes(scope));
}

/** The client of a sign-in that was: its tokens go to the issuer that they came from, found anew. */
async function reopenClient(authorization: Authorization, lookup: Lookup): Promise<Client> {
  const { issuer, resource } = authorization;
  const server = await discoverIssuer(issuer, lookup);
  const named = resource === undefined ? server : { ...server, resource };
  return openClient(named, authorization, lookup);
}
