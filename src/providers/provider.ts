import type { SignInPrompts } from "../oauth/grants/sign_in_prompts.ts";
import type { DiscoveredServer, Lookup } from "../oauth/metadata.ts";
import type { Revocation } from "../oauth/revocation.ts";
import type { Authorization, TokenSet } from "../oauth/token_set.ts";
import type { Secret } from "../secret.ts";

/** A part of a platform, for those that divide a host. */
export interface Place {
  readonly accountId?: string;
  readonly workspaceId?: string;
}

/** Where a sign-in goes, and as which client. */
export interface SignInTarget extends Place {
  /** The API that the token is for. */
  readonly host?: string;
  /** Its authorization server; found from `host` where it is absent. */
  readonly issuer?: string;
  readonly clientId?: string;
  readonly clientSecret?: Secret;
  /** RFC 6749 section 3.3; the provider's own where it is absent. */
  readonly scopes?: readonly string[];
}

/** An authorization server that answers. */
export interface FoundServer {
  readonly issuer: string;
  /** Seconds that its clock is ahead of this computer's; absent where it does not say. */
  readonly skew?: number;
}

/**
 * How a person signs in: with a browser on this machine, or with a code typed elsewhere (RFC 8628);
 * `headless` is the latter where the server has it, for a machine that has no browser.
 */
export type SignInWay = "browser" | "device" | "headless";

/** A server that can be signed in to, and which part of the platform it is found to be for. */
export interface LocatedServer {
  readonly server: DiscoveredServer;
  readonly place?: Place;
  /** The client that it names for command-line programs. */
  readonly clientId?: string;
  /** What its authorization requests have beside the standards' parameters, or in place of them. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The API that a client's own token is asked for, where the server has several (Auth0's `audience`). */
  readonly audience?: string;
  /** For whom the identity tokens of machines have to be; its token endpoint where it is absent. */
  readonly identityAudience?: string;
}

/** What a platform does in its own way, where no RFC and no data says how. */
export interface PlatformHooks {
  /** The server for a sign-in, and which part of the platform it is for. */
  readonly findServer: (target: SignInTarget, lookup: Lookup) => Promise<LocatedServer>;
  /** A token for a password, where the platform has such. Throws `provider_refused` where it is wrong. */
  readonly tokenForPassword?: (
    host: URL,
    username: string,
    password: Secret,
    lookup: Lookup,
  ) => Promise<Secret>;
  /** The server of an issuer that has signed somebody in before. */
  readonly serverOf: (issuer: string, lookup: Lookup) => Promise<DiscoveredServer>;
  /** Which part of the platform a token is for, where the platform can be asked; what it does not say is left out. */
  readonly locate?: (authorization: Authorization, host: string, lookup: Lookup) => Promise<Place>;
  /** Who signed in, for people; `undefined` where the platform does not say. */
  readonly identify: (
    authorization: Authorization,
    host: string,
    lookup: Lookup,
  ) => Promise<string | undefined>;
}

/** What a sign-in brings, and which part of the platform it is for. */
export interface SignedIn extends Authorization {
  /** The API, where only the sign-in told which it is. */
  readonly host?: string;
  readonly place?: Place;
}

/** What is particular about one platform that speaks OAuth. */
export interface OAuthProvider {
  readonly id: string;
  /**
   * Takes a person through a sign-in. What it brings is handed to `keep` before the person is told that
   * it worked; where `keep` throws, the person is told that nothing was kept, and so does this.
   */
  signIn(
    target: SignInTarget,
    way: SignInWay,
    prompts: SignInPrompts,
    keep: (signedIn: SignedIn) => Promise<void>,
    signal: AbortSignal,
  ): Promise<SignedIn>;
  /**
   * Finds the authorization server of `target`, as a sign-in would, and sends it nothing of this
   * person's. Throws as a sign-in would.
   */
  find(target: SignInTarget, signal: AbortSignal): Promise<FoundServer>;
  /**
   * Spends the refresh token, once. The sending itself, the last thing that it does, goes by way of
   * `exchange`, which may keep what it brings. `sign_in_again` where the server refuses.
   */
  refresh(
    authorization: Authorization,
    exchange?: (send: () => Promise<TokenSet>) => Promise<TokenSet>,
  ): Promise<TokenSet>;
  /** A program's own sign-in: with its client's secret, and no person. `provider_refused` where it is wrong. */
  signInClient(target: SignInTarget): Promise<SignedIn>;
  /** The next token of such a sign-in. */
  authenticate(authorization: Authorization): Promise<TokenSet>;
  /**
   * A token for a program that is kept nowhere: by its client's secret, or by what `vouch` brings, an
   * identity token for the audience that it is told (RFC 8693). A server that is busy is asked again.
   */
  signInWorkload(
    target: SignInTarget,
    vouch?: (audience: string) => Promise<Secret>,
  ): Promise<TokenSet>;
  /** A token that nothing refreshes, for a person's password. `usage` where the platform has none such. */
  signInWithPassword(target: SignInTarget, username: string, password: Secret): Promise<Secret>;
  /** Ends the grant at the server. Never throws: the outcome is the report. */
  revoke(authorization: Authorization): Promise<Revocation>;
}
