import { skewNotice } from "../oauth/clock_skew.ts";
import { authorizationCodeGrant } from "../oauth/grants/authorization_code.ts";
import { deviceAuthorizationGrant, type Sleep } from "../oauth/grants/device_authorization.ts";
import type { DiscoveredServer } from "../oauth/metadata.ts";
import { requireSecureUrl } from "../oauth/secure_url.ts";
import type { Granted } from "../oauth/token_endpoint.ts";
import { present } from "../present.ts";
import { clientFor, type PlatformAccess, type SignInClient, withDefaults } from "./client_for.ts";
import type { Platform } from "./platform.ts";
import type { OAuthProvider, SignedIn, SignInTarget } from "./provider.ts";

/** What {@link signInPerson} needs. */
export interface PersonNeeds extends PlatformAccess {
  /** Waits between two polls of a device code. */
  readonly sleep?: Sleep;
}

/** Signs a user in at the requested host or issuer or, without either, at the platform's discovery page. */
export async function signInPerson(
  ...[asked, method, prompts, keep, signal, needs]: [
    ...Parameters<OAuthProvider["signIn"]>,
    PersonNeeds,
  ]
): Promise<SignedIn> {
  const { platform, hooks, sleep } = needs;
  const target = withDefaults(asked, platform);
  const access = { platform, hooks, lookup: { ...needs.lookup, signal } };
  if (target.host === undefined && target.issuer === undefined && platform.discoveryHost) {
    const { signInByDiscovery } = await import("./discovery_sign_in.ts");
    const scopes = withRefreshScope(target.scopes ?? [], platform);
    return await signInByDiscovery({ ...target, scopes }, prompts, keep, signal, access);
  }
  const opened = await clientFor(asked, access);
  const notice = skewNotice(opened.server.skew ?? 0);
  if (notice !== undefined) prompts.notice(notice);
  const host = requireSecureUrl(target.host ?? opened.server.metadata.issuer, "host");
  let kept: SignedIn | undefined;
  const request = {
    ...requestFor(opened, target, platform),
    host: host.host,
    keep: async (granted: Granted) =>
      void await keep(kept = await withIdentity(granted, opened, host, needs)),
    ...present({ sleep }),
  };
  const hasDevice = opened.server.metadata.device_authorization_endpoint !== undefined;
  const byDevice = method === "device" || (method === "headless" && hasDevice);
  const grant = byDevice ? deviceAuthorizationGrant : authorizationCodeGrant;
  const granted = await grant(opened.client, request, prompts, signal);
  return kept ?? { ...opened.basis, ...granted };
}

/** Returns the part of the request that both grants share. */
function requestFor(
  { server, parameters }: SignInClient,
  { scopes }: SignInTarget,
  platform: Platform,
): Pick<Parameters<typeof authorizationCodeGrant>[1], "scopes" | "redirect" | "parameters"> {
  const { redirect } = platform;
  return {
    scopes: withRefreshScope(scopes ?? defaultScopes(server), platform),
    ...present({ redirect, parameters }),
  };
}

/** Returns the grant with its identity, if the platform reports one. An error there does not fail the sign-in. */
async function withIdentity(
  granted: Granted,
  { basis }: SignInClient,
  host: URL,
  { hooks, lookup }: PlatformAccess,
): Promise<SignedIn> {
  const signedIn = { ...basis, ...granted };
  const identity = granted.identity ??
    await hooks.identify(signedIn, host.origin, lookup).catch(() => undefined);
  return { ...signedIn, ...present({ identity }) };
}

/** Returns `scopes` with the scope that requests a refresh token. */
function withRefreshScope(
  scopes: readonly string[],
  { refreshScope }: Platform,
): readonly string[] {
  if (refreshScope === undefined || scopes.includes(refreshScope)) return scopes;
  return [refreshScope, ...scopes];
}

/** Returns the default scopes that the server supports: the identity and a refresh token. */
function defaultScopes({ metadata, openid }: DiscoveredServer): readonly string[] {
  const wanted = ["openid", "email", "offline_access"];
  const offered = metadata.scopes_supported;
  if (offered === undefined) return openid ? wanted : [];
  return wanted.filter((scope) => offered.includes(scope));
}
