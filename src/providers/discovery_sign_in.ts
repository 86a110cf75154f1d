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

/** What such a sign-in needs. */
export interface DiscoverySignInNeeds {
  readonly platform: Platform;
  readonly ways: PlatformHooks;
  readonly lookup: Lookup;
}

/**
 * Signs a person in who does not say where: the platform's page asks them, and sends them on to the server of
 * a host of theirs, which the callback names (databricks-sdk-go, credentials/u2m). Only a server below one of
 * the platform's domains gets the code, and only as the metadata of that very issuer describe it.
 */
export async function signInByDiscovery(
  { clientId = "", scopes = [] }: SignInTarget,
  prompts: SignInPrompts,
  keep: (signedIn: SignedIn) => Promise<void>,
  signal: AbortSignal,
  { platform, ways, lookup }: DiscoverySignInNeeds,
): Promise<SignedIn> {
  const front = requireSecureUrl(platform.front ?? "", "sign-in page");
  const issuer = `${front.origin}/oidc`;
  const metadata = { issuer, authorization_endpoint: `${issuer}/v1/authorize` };
  const client = openClient({ metadata, openid: false }, { clientId }, lookup);
  let answered = issuer;
  const complete = (granted: Granted): Promise<SignedIn> =>
    describeSignIn({ issuer: answered, clientId, ...granted }, ways, lookup);
  let kept: SignedIn | undefined;
  const granted = await authorizationCodeGrant(
    client,
    {
      scopes,
      host: front.host,
      discovery: {
        addressFor: ({ pathname, search }) => {
          const address = new URL(front.origin);
          address.searchParams.set("destination_url", pathname + search);
          return address;
        },
        clientAt: async (text) => {
          requireOwn(text, front, platform);
          answered = text;
          return openClient(await ways.serverOf(text, lookup), { clientId }, lookup);
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

/** What was granted, with the host and the person that it is for. */
async function describeSignIn(
  authorization: Authorization,
  ways: PlatformHooks,
  lookup: Lookup,
): Promise<SignedIn> {
  const host = new URL(authorization.issuer).origin;
  const [place, identity] = await Promise.all([
    ways.locate?.(authorization, host, lookup).catch(() => ({})),
    authorization.identity ?? ways.identify(authorization, host, lookup).catch(() => undefined),
  ]);
  return { ...authorization, host, place: place ?? {}, ...(identity ? { identity } : {}) };
}

/** Throws `issuer_mismatch` for an issuer that is not the platform's, nor on this computer where the page is. */
function requireOwn(text: string, front: URL, { domains = [] }: Platform): void {
  const issuer = requireLinkedUrl(text, "issuer", front);
  const isHere = front.protocol === "http:" && issuer.hostname === front.hostname;
  const isOwn = domains.some((domain) => issuer.hostname.endsWith(domain));
  if ((isOwn && issuer.protocol === "https:") || isHere) return;
  throw new FobError(
    "issuer_mismatch",
    `The sign-in at "${front.host}" was answered by "${
      foreignText(issuer.host)
    }", which is no host of its platform`,
  );
}
