import type { Authorization } from "../oauth/token_set.ts";
import type { Secret } from "../secret.ts";

/** The credential of a profile, as its store holds it. */
export type Credential = OAuthCredential | PatCredential | ClientCredential;

/** The host that the credential is for. A profile that changed its host since may not use the credential. */
interface Bound {
  /** The host of the profile at the sign-in. */
  readonly host?: string;
}

/** The tokens of an OAuth sign-in, with their server and client. */
export interface OAuthCredential extends Authorization, Bound {
  readonly kind: "oauth";
}

/** A token without a sign-in: a pasted one, or one that fob created to replace it. */
export interface PatCredential extends Bound {
  readonly kind: "pat";
  readonly token: Secret;
  /** Milliseconds since the epoch. */
  readonly obtainedAt: number;
  /** Milliseconds since the epoch; absent if unknown. */
  readonly expiresAt?: number;
  /** The token's owner, as the platform names it. */
  readonly identity?: string;
  /** The ID to revoke a token that fob created. */
  readonly tokenId?: string;
}

/** The login of a client with its own secret: the client secret, and the last token. */
export interface ClientCredential extends Authorization, Bound {
  readonly kind: "client";
  readonly clientSecret: Secret;
}
