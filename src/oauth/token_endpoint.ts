import * as oauth from "oauth4webapi";
import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import { foreignText } from "../text/printable.ts";
import { readAnswer } from "./answer.ts";
import { type Client, resourceParameter } from "./client.ts";
import type { TokenSet } from "./token_set.ts";

/** The result of a grant. */
export interface Granted {
  readonly tokens: TokenSet;
  /** Who signed in: the ID token's `email`, `preferred_username` or `sub`. */
  readonly identity?: string;
}

/** The last millisecond that a `Date` can hold. */
const endOfTime = 8.64e15;

/** When a token was requested, and when the response arrived. Milliseconds since the epoch. */
export interface Exchange {
  /** The lifetime counts from here: the server cannot have issued the token earlier. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/**
 * The token set for a token response. A refresh token (RFC 6749 section 6) or a scope (section 5.1) that the
 * response omits is taken from `earlier`.
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

/** GitHub separates scopes with commas; RFC 6749 section 3.3 requires spaces. */
function spaced(scope: string): string {
  return scope.includes(" ") ? scope : scope.replaceAll(",", " ");
}

/** The token set of a token response, and the identity in its ID token. */
export function granted(response: oauth.TokenEndpointResponse, exchange: Exchange): Granted {
  const claims = oauth.getValidatedIdTokenClaims(response);
  const identity = [claims?.email, claims?.preferred_username, claims?.sub]
    .find((claim) => typeof claim === "string" && claim !== "");
  const tokens = tokenSet(response, exchange);
  return typeof identity === "string" ? { tokens, identity: foreignText(identity) } : { tokens };
}

/** The name of an endpoint of the client's server in messages. */
export function nameEndpoint(client: Client, name: string): string {
  return `The ${name} endpoint of "${foreignText(client.server.issuer)}"`;
}

/**
 * Refreshes `tokens`, RFC 6749 section 6. Throws `sign_in_again`, with the server's reason as the fact
 * `reason`, if the server rejects the refresh token; `tokens` is then of no more use.
 */
export async function refreshTokens(client: Client, tokens: TokenSet): Promise<TokenSet> {
  const { server, registration, authentication, options } = client;
  if (tokens.refreshToken === undefined) {
    throw new FobError("sign_in_again", `"${server.issuer}" did not issue a refresh token`, {
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
    // GitHub answers bad_refresh_token instead of invalid_grant.
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
