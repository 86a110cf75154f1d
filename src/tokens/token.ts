import type { Secret } from "../secret.ts";

/** How fresh the token must be. */
export interface TokenRequest {
  /** Milliseconds that the token must still live; `margin` by default. */
  readonly minTtl?: number;
  /** Milliseconds that it should still live, at most a third of its lifetime; five minutes by default. */
  readonly margin?: number;
  /** Whether to refresh a token that was obtained before this process started. */
  readonly force?: boolean;
}

/** A token to hand out. */
export interface AccessToken {
  readonly token: Secret;
  readonly tokenType: string;
  /** Milliseconds since the epoch; absent if unknown. */
  readonly expiresAt?: number;
}

/** A token that was found, with its owner and the API that it is for. */
export interface FoundToken extends AccessToken {
  /** The API that the token is for. */
  readonly host?: string;
  /** The platform; absent for `API_TOKEN`, which belongs to none. */
  readonly provider?: string;
  /** The profile that the token belongs to; absent for a token of the environment. */
  readonly profile?: string;
}
