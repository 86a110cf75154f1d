import type { Secret } from "../secret.ts";

/** A token as its platform lists it: never its value. */
export interface IssuedToken {
  readonly id: string;
  readonly comment: string;
  /** Milliseconds since the epoch, by this computer's clock; absent where it has no end. */
  readonly expiresAt?: number;
}

/** A token that has just been made. */
export interface MintedToken extends IssuedToken {
  readonly token: Secret;
}

/** What a token shall be. */
export interface MintOptions {
  readonly comment: string;
  /** Milliseconds. */
  readonly lifetime: number;
}

/**
 * A platform's API for tokens of a person, asked with one of them: no other credential is in reach.
 * Everything here throws `FobError`:
 *
 * - `provider_refused`         the server says no, with the facts `status` and, where it has one, `error`
 * - `provider_unreachable`     asking again may help: the network, HTTP 5xx, or 429; with the fact `status`
 *                              where there was an answer, and `retry_after`, seconds, where that says so
 * - `provider_answer_invalid`  anything else that is not what was asked for
 *
 * No message and no fact holds anything of a body but the server's error code: bodies hold tokens.
 */
export interface TokenIssuer {
  /** The API that the tokens are for. */
  readonly host: string;
  /** Whose `token` is, as the platform calls them. */
  identify(token: Secret): Promise<string>;
  /** Makes a token. Whoever gets no answer cannot know whether one was made. */
  mint(by: Secret, wish: MintOptions): Promise<MintedToken>;
  /** All that the owner of `by` has. */
  list(by: Secret): Promise<IssuedToken[]>;
  /** Ends a token; one that is over or gone is no error. */
  revoke(by: Secret, id: string): Promise<void>;
}
