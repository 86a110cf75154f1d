import type { Secret } from "../secret.ts";

/**
 * What a token endpoint granted, held: RFC 6749 section 5.1 with absolute times.
 * Times are milliseconds since the epoch, by this computer's clock.
 */
export interface TokenSet {
  readonly accessToken: Secret;
  /** `Bearer` as a rule, however the server spelt it. */
  readonly tokenType: string;
  /** Absent where the server did not say: then the token is taken as good until it is refused. */
  readonly expiresAt?: number;
  readonly obtainedAt: number;
  readonly refreshToken?: Secret;
  /** Space-separated, RFC 6749 section 3.3. */
  readonly scope?: string;
}

/** A token set and what it was granted by: all that a refresh or a revocation needs. */
export interface Authorization {
  /** The issuer identifier, RFC 8414 section 2. The refresh token goes to this server and to no other. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: Secret;
  /** RFC 8707: the API that the tokens are for, where that API named the issuer (RFC 9728). */
  readonly resource?: string;
  readonly tokens: TokenSet;
  /** Who signed in, for people: the ID token's `email`, `preferred_username` or `sub`. */
  readonly identity?: string;
}
