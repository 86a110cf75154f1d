import type { Secret } from "../secret.ts";

/**
 * The tokens of a token response, RFC 6749 section 5.1, with absolute times.
 * Times are milliseconds since the epoch, by this computer's clock.
 */
export interface TokenSet {
  readonly accessToken: Secret;
  /** `Bearer` or `DPoP`, whatever the case in the response. */
  readonly tokenType: string;
  /** Absent if the server did not send a lifetime: fob then uses the token until a server rejects it. */
  readonly expiresAt?: number;
  readonly obtainedAt: number;
  readonly refreshToken?: Secret;
  /** Space-separated, RFC 6749 section 3.3. */
  readonly scope?: string;
}

/** A token set with its issuer and client: everything that a refresh or a revocation needs. */
export interface Authorization {
  /** The issuer identifier, RFC 8414 section 2. The refresh token is sent only to this server. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: Secret;
  /** RFC 8707: the API that the tokens are for, if its metadata named the issuer (RFC 9728). */
  readonly resource?: string;
  readonly tokens: TokenSet;
  /** The signed-in identity, for display: the ID token's `email`, `preferred_username` or `sub`. */
  readonly identity?: string;
}
