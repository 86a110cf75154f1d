import type { Authorization } from "../oauth/token_set.ts";
import type { Secret } from "../secret.ts";

/** What a profile owns in a store. */
export type Credential = OAuthCredential | PatCredential | ClientCredential;

/** What it was obtained for: a profile that has been pointed elsewhere since does not get to use it. */
interface Bound {
  /** The API's address, as the profile had it. */
  readonly host?: string;
}

/** A login: tokens, and the server and client that they belong to. */
export interface OAuthCredential extends Authorization, Bound {
  readonly kind: "oauth";
}

/** A token of no sign-in: one that a person pasted, or one that fob made in its place. */
export interface PatCredential extends Bound {
  readonly kind: "pat";
  readonly token: Secret;
  /** Milliseconds since the epoch. */
  readonly obtainedAt: number;
  /** Milliseconds since the epoch; absent where nobody said. */
  readonly expiresAt?: number;
  /** Whose it is, as the platform says. */
  readonly identity?: string;
  /** What the platform ends it by, for one that fob made. */
  readonly tokenId?: string;
}

/** A program's own login: the secret of its client, and the token that it brought last. */
export interface ClientCredential extends Authorization, Bound {
  readonly kind: "client";
  readonly clientSecret: Secret;
}
