/** A grant and every token that came of it. The end of one is the end of all. */
export interface TokenFamily {
  /** Space-separated, RFC 6749 section 3.3. */
  readonly scope: string;
  revoked: boolean;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds that the access token lives. */
  readonly expiresIn: number;
  readonly family: TokenFamily;
}

interface AccessToken {
  readonly family: TokenFamily;
  /** Milliseconds since the epoch, by the server's clock. */
  readonly expiresAt: number;
}

interface RefreshToken {
  readonly family: TokenFamily;
  spent: boolean;
}

/**
 * Issues opaque tokens and remembers which belong together. A refresh token is good once: to spend
 * it again revokes the family, because one of the two who held it is a thief (RFC 9700 section 4.14.2).
 */
export class TokenFamilies {
  /** Seconds that access tokens live from now on. */
  lifetime = 3600;
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

  start(scope: string): IssuedTokens {
    const family = { scope, revoked: false };
    this.#families.add(family);
    return this.#issue(family);
  }

  /** The next pair in place of `refreshToken`; `undefined` where it is unknown, spent or revoked. */
  rotate(refreshToken: string): IssuedTokens | undefined {
    const held = this.#refreshTokens.get(refreshToken);
    if (held === undefined || held.family.revoked) return undefined;
    if (held.spent) {
      this.end(held.family);
      return undefined;
    }
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

  /** The family of an access or refresh token, whatever its state. */
  of(token: string): TokenFamily | undefined {
    return (this.#refreshTokens.get(token) ?? this.#accessTokens.get(token))?.family;
  }

  isActive(accessToken: string): boolean {
    const held = this.#accessTokens.get(accessToken);
    return held !== undefined && !held.family.revoked && this.#now() < held.expiresAt;
  }

  #issue(family: TokenFamily): IssuedTokens {
    const number = ++this.#issued;
    const accessToken = `at-${number}-${crypto.randomUUID()}`;
    const refreshToken = `rt-${number}-${crypto.randomUUID()}`;
    const expiresAt = this.#now() + this.lifetime * 1000;
    this.#accessTokens.set(accessToken, { family, expiresAt });
    this.#refreshTokens.set(refreshToken, { family, spent: false });
    return { accessToken, refreshToken, expiresIn: this.lifetime, family };
  }
}
