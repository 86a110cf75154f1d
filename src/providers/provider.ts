import type { SignInPrompts } from "../oauth/grants/sign_in_prompts.ts";
import type { DiscoveredServer, Lookup } from "../oauth/metadata.ts";
import type { Revocation } from "../oauth/revocation.ts";
import type { Authorization, TokenSet } from "../oauth/token_set.ts";
import type { Secret } from "../secret.ts";

/** An account or workspace, for platforms with several per host. */
export interface Place {
  readonly accountId?: string;
  readonly workspaceId?: string;
}

/** What to sign in to, and the client. */
export interface SignInTarget extends Place {
  /** The API that the token is for. */
  readonly host?: string;
  /** Its authorization server. If absent, it is discovered from `host`. */
  readonly issuer?: string;
  readonly clientId?: string;
  readonly clientSecret?: Secret;
  /** RFC 6749 section 3.3. If absent, the provider's default scopes. */
  readonly scopes?: readonly string[];
}

/** An authorization server that was discovered. */
export interface FoundServer {
  readonly issuer: string;
  /** Seconds that its clock is ahead of this computer's. Absent if it sends no date. */
  readonly skew?: number;
}

/**
 * How a user signs in: with a browser on this machine, or with a code typed on another device (RFC 8628).
 * `headless` uses the code if the server supports it: for a machine without a browser.
 */
export type SignInMethod = "browser" | "device" | "headless";

/** A discovered server, and the account and workspace that it is for. */
export interface LocatedServer {
  readonly server: DiscoveredServer;
  readonly place?: Place;
  /** The client that it publishes for command-line programs. */
  readonly clientId?: string;
  /** Parameters of its authorization requests that extend or replace the standard ones. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The API that a token with client credentials is requested for, if the server has several (Auth0's `audience`). */
  readonly audience?: string;
  /** The audience of identity tokens of workloads. If absent, its token endpoint. */
  readonly identityAudience?: string;
}

/** The code of a platform for what neither an RFC nor its data describes. */
export interface PlatformHooks {
  /** Finds the server for a sign-in, and its account and workspace. */
  readonly findServer: (target: SignInTarget, lookup: Lookup) => Promise<LocatedServer>;
  /** Exchanges a password for a token, if the platform supports that. Throws `provider_refused` for a wrong password. */
  readonly tokenForPassword?: (
    host: URL,
    username: string,
    password: Secret,
    lookup: Lookup,
  ) => Promise<Secret>;
  /** Returns the server of the issuer of a stored login. */
  readonly serverOf: (issuer: string, lookup: Lookup) => Promise<DiscoveredServer>;
  /** Returns the account and workspace of a token, if the platform reports them. */
  readonly locate?: (authorization: Authorization, host: string, lookup: Lookup) => Promise<Place>;
  /** Returns the name of the user, or `undefined` if the platform does not report it. */
  readonly identify: (
    authorization: Authorization,
    host: string,
    lookup: Lookup,
  ) => Promise<string | undefined>;
}

/** The result of a sign-in, with its account and workspace. */
export interface SignedIn extends Authorization {
  /** The API. Set if it was discovered during the sign-in. */
  readonly host?: string;
  readonly place?: Place;
}

/** The OAuth operations of one platform. */
export interface OAuthProvider {
  readonly id: string;
  /**
   * Signs a user in. Calls `keep` with the result before it reports success to the user. If `keep` throws,
   * reports that nothing was stored and throws that error.
   */
  signIn(
    target: SignInTarget,
    method: SignInMethod,
    prompts: SignInPrompts,
    keep: (signedIn: SignedIn) => Promise<void>,
    signal: AbortSignal,
  ): Promise<SignedIn>;
  /**
   * Finds the authorization server of `target` like a sign-in, without sending it user data. Throws like a
   * sign-in.
   */
  find(target: SignInTarget, signal: AbortSignal): Promise<FoundServer>;
  /**
   * Uses the refresh token once. `exchange` wraps the token request, which is the last step, and may save its
   * result. Throws `sign_in_again` if the server rejects the refresh token.
   */
  refresh(
    authorization: Authorization,
    exchange?: (send: () => Promise<TokenSet>) => Promise<TokenSet>,
  ): Promise<TokenSet>;
  /** Signs in with client credentials. Throws `provider_refused` if they are wrong. */
  signInClient(target: SignInTarget): Promise<SignedIn>;
  /** Gets the next token with client credentials. */
  authenticate(authorization: Authorization): Promise<TokenSet>;
  /**
   * Gets a token for a workload, which is not stored: with its client secret, or with the identity token that
   * `getIdentityToken` returns for an audience (RFC 8693). Retries if the server is busy.
   */
  signInWorkload(
    target: SignInTarget,
    getIdentityToken?: (audience: string) => Promise<Secret>,
  ): Promise<TokenSet>;
  /** Exchanges a password for a token without a refresh token. Throws `usage` if the platform does not support that. */
  signInWithPassword(target: SignInTarget, username: string, password: Secret): Promise<Secret>;
  /** Revokes the grant at the server. Never throws: the result reports the outcome. */
  revoke(authorization: Authorization): Promise<Revocation>;
}
