import { openAnonymousClient, openClient } from "../oauth/client.ts";
import { clientCredentialsGrant } from "../oauth/grants/client_credentials.ts";
import { tokenExchangeGrant } from "../oauth/grants/token_exchange.ts";
import type { Lookup } from "../oauth/metadata.ts";
import type { TokenSet } from "../oauth/token_set.ts";
import { present } from "../present.ts";
import type { Secret } from "../secret.ts";
import type { PlatformHooks, SignInTarget } from "./provider.ts";

/**
 * Gets a token for a workload: with the identity token that `getIdentityToken` returns for an audience (RFC 8693), otherwise
 * with its client secret (RFC 6749 section 4.4). Without a client, the identity token identifies the workload.
 */
export async function signInWorkload(
  target: SignInTarget,
  hooks: PlatformHooks,
  getIdentityToken: ((audience: string) => Promise<Secret>) | undefined,
  lookup: Lookup,
): Promise<TokenSet> {
  const { clientId, clientSecret } = target;
  const { server, audience, identityAudience } = await hooks.findServer(target, lookup);
  const credentials = clientId !== undefined &&
    { clientId, ...present({ clientSecret }) };
  const client = credentials
    ? openClient(server, credentials, lookup)
    : openAnonymousClient(server, lookup);
  const request = { scopes: workloadScopes(target) };
  if (getIdentityToken === undefined) {
    const own = { ...request, ...present({ audience }) };
    return (await clientCredentialsGrant(client, own)).tokens;
  }
  const { issuer, token_endpoint = issuer } = server.metadata;
  const subjectToken = await getIdentityToken(identityAudience ?? token_endpoint);
  return (await tokenExchangeGrant(client, { ...request, subjectToken })).tokens;
}

/** Returns the scopes of a workload without `offline_access`: a workload needs no refresh token. */
export function workloadScopes({ scopes = [] }: SignInTarget): readonly string[] {
  return scopes.filter((scope) => scope !== "offline_access");
}
