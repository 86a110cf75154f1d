import { freshCanary, hiddenMark } from "../../canaries/mark.ts";

/** A grant and every token that came of it. The end of one is the end of all. */
export interface TokenFamily {
  /** Space-separated, RFC 6749 section 3.3. */
  readonly scope: string;
  /** Whose tokens they are; `undefined` where a server knows one person. */
  readonly principal: string | undefined;
  revoked: boolean;
}

/**
 * What becomes of a refresh token that is used:
 * - `revoke`  a new one takes its place, and to use it again revokes the family, because one of the
 *             two who held it is a thief (RFC 9700 section 4.14.2)
 * - `rotate`  a new one takes its place, and to use it again is refused
 * - `keep`    it stays good, and the answer has none
 */
export type Rotation = typeof rotations[number];

export const rotations = ["revoke", "rotate", "keep"] as const;

/** An access token that is about to be issued. */
export interface AccessTokenForm {
  readonly family: TokenFamily;
  /** How many answers there have been, this one included. */
  readonly number: number;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly expiresAt: number;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Seconds that the access token lives. */
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

/** Issues tokens and remembers which belong together. */
export class TokenFamilies {
  /** Seconds that access tokens live from now on. */
  lifetime = 3600;
  rotation: Rotation = "revoke";
  /** Writes access tokens; they are opaque at first. */
  write: (form: AccessTokenForm) => string = ({ number }) => `at-${number}-${freshCanary()}`;
  /** Whether any family has been revoked, by reuse or on request. */
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
    return this.#issue(this.#found(scope, principal));
  }

  /** The only access token of a family without a refresh token. */
  startWithoutRefresh(scope: string, principal?: string): IssuedTokens {
    return this.#issueAccess(this.#found(scope, principal));
  }

  /** Starts a family that was given `refreshToken` before the server was there. */
  adopt(refreshToken: string, scope: string, principal?: string): void {
    this.#refreshTokens.set(refreshToken, { family: this.#found(scope, principal), spent: false });
  }

  /** The next pair in place of `refreshToken`; `undefined` where it is unknown, spent or revoked. */
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

  /** Ends the time of every access token; the refresh tokens stay good. */
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

  #found(scope: string, principal?: string): TokenFamily {
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
