import type { Authorization } from "../oauth/token_set.ts";
import type { Secret } from "../secret.ts";

/** What a profile owns in a store. */
export type Credential = OAuthCredential | PatCredential;

/** A login: tokens, and the server and client that they belong to. */
export interface OAuthCredential extends Authorization {
  readonly kind: "oauth";
}

/** A token that a person pasted, such as a personal access token. */
export interface PatCredential {
  readonly kind: "pat";
  readonly token: Secret;
  /** Milliseconds since the epoch. */
  readonly obtainedAt: number;
}
