import type { Secret } from "../secret.ts";

/** A token as its platform lists it, without its value. */
export interface IssuedToken {
  readonly id: string;
  readonly comment: string;
  /** Milliseconds since the epoch, by this computer's clock. Absent if it does not expire. */
  readonly expiresAt?: number;
}

/** A token that has just been created. */
export interface MintedToken extends IssuedToken {
  readonly token: Secret;
}

/** The properties of a token to create. */
export interface MintOptions {
  readonly comment: string;
  /** Milliseconds. */
  readonly lifetime: number;
}

/**
 * A platform's API for the tokens of a user, authenticated with one of them. Every method throws `FobError`:
 *
 * - `provider_refused`         the server refused, with the facts `status` and, if it sent one, `error`
 * - `provider_unreachable`     a network error, HTTP 5xx or 429: a retry may succeed. Has the fact `status` if
 *                              there was a response, and `retry_after` in seconds if the response has that
 * - `provider_answer_invalid`  any other unexpected response
 *
 * Messages and facts contain no part of a body except the server's error code: bodies contain tokens.
 */
export interface TokenIssuer {
  /** The API that the tokens are for. */
  readonly host: string;
  /** Returns the platform's name of the user of `token`. */
  identify(token: Secret): Promise<string>;
  /** Creates a token. Without a response it is unknown whether one was created. */
  mint(by: Secret, options: MintOptions): Promise<MintedToken>;
  /** Lists all tokens of the owner of `by`. */
  list(by: Secret): Promise<IssuedToken[]>;
  /** Revokes a token. An expired or revoked token is not an error. */
  revoke(by: Secret, id: string): Promise<void>;
}
