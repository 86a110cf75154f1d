import type { Authorization, TokenSet } from "../oauth/token_set.ts";
import type { Revocation } from "../oauth/revocation.ts";
import type { SignInAgent } from "../oauth/sign_in_agent.ts";
import type { Secret } from "../secret.ts";

/** Where a sign-in goes, and as which client. */
export interface SignInTarget {
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
    agent: SignInAgent,
    keep: (authorization: Authorization) => Promise<void>,
    signal: AbortSignal,
  ): Promise<Authorization>;
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
  signInClient(target: SignInTarget): Promise<Authorization>;
  /** The next token of such a sign-in. */
  authenticate(authorization: Authorization): Promise<TokenSet>;
  /** Ends the grant at the server. Never throws: the outcome is the report. */
  revoke(authorization: Authorization): Promise<Revocation>;
}
