import * as oauth from "oauth4webapi";
import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import { foreignText } from "../text/printable.ts";
import { readAnswer } from "./answer.ts";
import { type Client, resourceParameter } from "./client.ts";
import type { TokenSet } from "./token_set.ts";

/** What a person's sign-in brought. */
export interface Granted {
  readonly tokens: TokenSet;
  /** Who signed in: the ID token's `email`, `preferred_username` or `sub`. */
  readonly identity?: string;
}

/** The last millisecond that a `Date` can hold. */
const endOfTime = 8.64e15;

/** When a token response was asked for, and when it was there. */
export interface Exchange {
  /** Its life is counted from here: the server cannot have issued it before. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/**
 * The held form of a token response. What the server leaves out stays as it was in `earlier`: the
 * refresh token (RFC 6749 section 6) and the scope (section 5.1).
 */
export function tokenSet(
  response: oauth.TokenEndpointResponse,
  { askedAt, answeredAt }: Exchange,
  earlier?: TokenSet,
): TokenSet {
  const { expires_in, refresh_token } = response;
  const scope = response.scope === undefined ? earlier?.scope : spaced(response.scope);
  const refreshToken = refresh_token === undefined
    ? earlier?.refreshToken
    : new Secret(refresh_token);
  return {
    accessToken: new Secret(response.access_token),
    tokenType: response.token_type === "dpop" ? "DPoP" : "Bearer",
    obtainedAt: answeredAt,
    ...(expires_in === undefined
      ? {}
      : { expiresAt: Math.min(askedAt + Math.floor(expires_in * 1000), endOfTime) }),
    ...present({ refreshToken, scope }),
  };
}

/** GitHub separates scopes with commas, where RFC 6749 section 3.3 has spaces. */
function spaced(scope: string): string {
  return scope.includes(" ") ? scope : scope.replaceAll(",", " ");
}

/** What a grant's token response gives, with who signed in. */
export function granted(response: oauth.TokenEndpointResponse, exchange: Exchange): Granted {
  const claims = oauth.getValidatedIdTokenClaims(response);
  const identity = [claims?.email, claims?.preferred_username, claims?.sub]
    .find((claim) => typeof claim === "string" && claim !== "");
  const tokens = tokenSet(response, exchange);
  return typeof identity === "string" ? { tokens, identity: foreignText(identity) } : { tokens };
}

/** How messages name an endpoint of a client's server. */
export function nameEndpoint(client: Client, name: string): string {
  return `The ${name} endpoint of "${foreignText(client.server.issuer)}"`;
}

/**
 * Spends the refresh token, RFC 6749 section 6. Throws `sign_in_again`, with the server's reason as a
 * fact, where the grant has ended; then the old token set is of no use either.
 */
export async function refreshTokens(client: Client, tokens: TokenSet): Promise<TokenSet> {
  const { server, registration, authentication, options } = client;
  if (tokens.refreshToken === undefined) {
    throw new FobError("sign_in_again", `"${server.issuer}" issued no refresh token`, {
      facts: { reason: "no refresh token" },
    });
  }
  const askedAt = client.now();
  const response = await oauth.refreshTokenGrantRequest(
    server,
    registration,
    authentication,
    tokens.refreshToken.reveal(),
    { ...options, additionalParameters: resourceParameter(client) },
  );
  try {
    const answer = await readAnswer(
      nameEndpoint(client, "token"),
      response,
      (it) => oauth.processRefreshTokenResponse(server, registration, it),
      [client.secret, tokens.refreshToken],
    );
    return tokenSet(answer, { askedAt, answeredAt: client.now() }, tokens);
  } catch (error) {
    // The second is GitHub's word for the first.
    throw isOAuthError(error, "invalid_grant", "bad_refresh_token") ? ended(error) : error;
  }
}

/** Whether the server answered with one of `codes`, RFC 6749 section 5.2. */
export function isOAuthError(error: unknown, ...codes: readonly string[]): error is FobError {
  return error instanceof FobError && error.code === "provider_refused" &&
    codes.includes(error.facts.error ?? "");
}

function ended(error: FobError): FobError {
  const reason = error.facts.reason ?? error.facts.error ?? "invalid_grant";
  return new FobError("sign_in_again", error.message, { facts: { ...error.facts, reason } });
}
