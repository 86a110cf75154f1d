import type { Secret } from "../secret.ts";

/** What the caller wants of the token. */
export interface TokenWish {
  /** Milliseconds that the token must still live; {@link defaultMargin} where it is absent. */
  readonly minTtl?: number;
  /** Milliseconds that it should still live, where its life is long enough for that; five minutes by default. */
  readonly margin?: number;
  /** Whether a token from before this process started is too old. */
  readonly force?: boolean;
}

/** A token to hand out. */
export interface AccessToken {
  readonly token: Secret;
  readonly tokenType: string;
  /** Milliseconds since the epoch; absent where nobody said. */
  readonly expiresAt?: number;
}
