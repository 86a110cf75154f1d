import { FobError } from "../errors.ts";
import { openClient } from "../oauth/client.ts";
import { authorizationCodeGrant } from "../oauth/grants/authorization_code.ts";
import type { SignInPrompts } from "../oauth/grants/sign_in_prompts.ts";
import type { Lookup } from "../oauth/metadata.ts";
import { requireLinkedUrl, requireSecureUrl } from "../oauth/secure_url.ts";
import type { Granted } from "../oauth/token_endpoint.ts";
import type { Authorization } from "../oauth/token_set.ts";
import { present } from "../present.ts";
import { foreignText } from "../text/printable.ts";
import type { Platform } from "./platform.ts";
import type { PlatformHooks, SignedIn, SignInTarget } from "./provider.ts";

/** What {@link signInByDiscovery} needs. */
export interface DiscoverySignInNeeds {
  readonly platform: Platform;
  readonly hooks: PlatformHooks;
  readonly lookup: Lookup;
}

/**
 * Signs a user in without a host: the platform's page lets the user choose one and forwards to its authorization
 * server, which the callback names (databricks-sdk-go, credentials/u2m). The code is sent only to a server in one
 * of the platform's domains, to the endpoint in the metadata of that issuer.
 */
export async function signInByDiscovery(
  { clientId = "", scopes = [] }: SignInTarget,
  prompts: SignInPrompts,
  keep: (signedIn: SignedIn) => Promise<void>,
  signal: AbortSignal,
  { platform, hooks, lookup }: DiscoverySignInNeeds,
): Promise<SignedIn> {
  const page = requireSecureUrl(platform.discoveryHost ?? "", "sign-in page");
  const issuer = `${page.origin}/oidc`;
  const metadata = { issuer, authorization_endpoint: `${issuer}/v1/authorize` };
  const client = openClient({ metadata, openid: false }, { clientId }, lookup);
  let answered = issuer;
  const complete = (granted: Granted): Promise<SignedIn> =>
    describeSignIn({ issuer: answered, clientId, ...granted }, hooks, lookup);
  let kept: SignedIn | undefined;
  const granted = await authorizationCodeGrant(
    client,
    {
      scopes,
      host: page.host,
      discovery: {
        addressFor: ({ pathname, search }) => {
          const address = new URL(page.origin);
          address.searchParams.set("destination_url", pathname + search);
          return address;
        },
        clientAt: async (text) => {
          requireOwn(text, page, platform);
          answered = text;
          return openClient(await hooks.serverOf(text, lookup), { clientId }, lookup);
        },
      },
      keep: async (granted) => void await keep(kept = await complete(granted)),
      ...present({ redirect: platform.redirect }),
    },
    prompts,
    signal,
  );
  return kept ?? await complete(granted);
}

/** Returns the grant with its host, place and identity. */
async function describeSignIn(
  authorization: Authorization,
  hooks: PlatformHooks,
  lookup: Lookup,
): Promise<SignedIn> {
  const host = new URL(authorization.issuer).origin;
  const [place, identity] = await Promise.all([
    hooks.locate?.(authorization, host, lookup).catch(() => ({})),
    authorization.identity ?? hooks.identify(authorization, host, lookup).catch(() => undefined),
  ]);
  return { ...authorization, host, place: place ?? {}, ...(identity ? { identity } : {}) };
}

/**
 * @throws {FobError} `issuer_mismatch` for an issuer outside of the platform's domains, unless both it and the page
 * are on this computer.
 */
function requireOwn(text: string, page: URL, { domains = [], title }: Platform): void {
  const issuer = requireLinkedUrl(text, "issuer", page);
  const isHere = page.protocol === "http:" && issuer.hostname === page.hostname;
  const isOwn = domains.some((domain) => issuer.hostname.endsWith(domain));
  if ((isOwn && issuer.protocol === "https:") || isHere) return;
  throw new FobError(
    "issuer_mismatch",
    `The sign-in page "${page.host}" named the issuer "${
      foreignText(issuer.host)
    }", which is not a ${title} host`,
  );
}
