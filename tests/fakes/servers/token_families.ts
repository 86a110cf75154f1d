import { freshCanary, hiddenMark } from "../../canaries/mark.ts";

/** A grant and all its tokens, which are revoked together. */
export interface TokenFamily {
  /** Space-separated, RFC 6749 section 3.3. */
  readonly scope: string;
  /** The owner of the tokens; `undefined` for a server with one user. */
  readonly principal: string | undefined;
  revoked: boolean;
}

/**
 * What happens to a used refresh token:
 * - `revoke`  it is replaced; a second use revokes the family, because the token may be stolen (RFC 9700
 *             section 4.14.2)
 * - `rotate`  it is replaced; a second use is refused
 * - `keep`    it stays valid, and the response has no new one
 */
export type Rotation = typeof rotations[number];

export const rotations = ["revoke", "rotate", "keep"] as const;

/** An access token that is about to be issued. */
export interface AccessTokenForm {
  readonly family: TokenFamily;
  /** The number of issued access tokens, including this one. */
  readonly number: number;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly expiresAt: number;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Lifetime of the access token in seconds. */
  readonly expiresIn: number;
  readonly family: TokenFamily;
}

interface AccessToken {
  readonly family: TokenFamily;
  /** Milliseconds since the epoch, by the server's clock. */
  expiresAt: number;
}

interface RefreshToken {
  readonly family: TokenFamily;
  spent: boolean;
}

/** Issues tokens and tracks their families. */
export class TokenFamilies {
  /** Lifetime of new access tokens in seconds. */
  lifetime = 3600;
  rotation: Rotation = "revoke";
  /** Formats access tokens; opaque by default. */
  write: (form: AccessTokenForm) => string = ({ number }) => `at-${number}-${freshCanary()}`;
  /** Whether a family was revoked, by reuse or on request. */
  revoked = false;
  readonly #now: () => number;
  readonly #families = new Set<TokenFamily>();
  readonly #accessTokens = new Map<string, AccessToken>();
  readonly #refreshTokens = new Map<string, RefreshToken>();
  #issued = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The first pair of a family. */
  start(scope: string, principal?: string): IssuedTokens {
    return this.#issue(this.#newFamily(scope, principal));
  }

  /** The only access token of a family without a refresh token. */
  startWithoutRefresh(scope: string, principal?: string): IssuedTokens {
    return this.#issueAccess(this.#newFamily(scope, principal));
  }

  /** Starts a family with `refreshToken`, as if it was issued before the server started. */
  adopt(refreshToken: string, scope: string, principal?: string): void {
    this.#refreshTokens.set(refreshToken, {
      family: this.#newFamily(scope, principal),
      spent: false,
    });
  }

  /** Replaces `refreshToken` by a new pair; `undefined` if it is unknown, spent or revoked. */
  rotate(refreshToken: string): IssuedTokens | undefined {
    const held = this.#refreshTokens.get(refreshToken);
    if (held === undefined || held.family.revoked) return undefined;
    if (held.spent) {
      if (this.rotation === "revoke") this.end(held.family);
      return undefined;
    }
    if (this.rotation === "keep") return this.#issueAccess(held.family);
    held.spent = true;
    return this.#issue(held.family);
  }

  end(family: TokenFamily): void {
    family.revoked = true;
    this.revoked = true;
  }

  endAll(): void {
    for (const family of this.#families) this.end(family);
  }

  /** Expires every access token; the refresh tokens stay valid. */
  expireAccessTokens(): void {
    for (const token of this.#accessTokens.values()) token.expiresAt = this.#now();
  }

  /** The family of an access or refresh token, whatever its state. */
  of(token: string): TokenFamily | undefined {
    return (this.#refreshTokens.get(token) ?? this.#accessTokens.get(token))?.family;
  }

  isActive(accessToken: string): boolean {
    const held = this.#accessTokens.get(accessToken);
    return held !== undefined && !held.family.revoked && this.#now() < held.expiresAt;
  }

  #newFamily(scope: string, principal?: string): TokenFamily {
    const family = { scope, principal, revoked: false };
    this.#families.add(family);
    return family;
  }

  #issue(family: TokenFamily): IssuedTokens {
    const issued = this.#issueAccess(family);
    const refreshToken = `rt-${this.#issued}-${freshCanary(hiddenMark)}`;
    this.#refreshTokens.set(refreshToken, { family, spent: false });
    return { ...issued, refreshToken };
  }

  #issueAccess(family: TokenFamily): IssuedTokens {
    const number = ++this.#issued;
    const expiresAt = this.#now() + this.lifetime * 1000;
    const accessToken = this.write({ family, number, expiresAt });
    this.#accessTokens.set(accessToken, { family, expiresAt });
    return { accessToken, expiresIn: this.lifetime, family };
  }
}
