import { present } from "../../../src/present.ts";
import { freshCanary } from "../../canaries/mark.ts";

/** What the token API tells of a token; never its value. */
export interface TokenInfo {
  readonly token_id: string;
  readonly comment: string;
  /** Milliseconds since the epoch. */
  readonly creation_time: number;
  /** Milliseconds since the epoch; -1 where it has no end. */
  readonly expiry_time: number;
  readonly scopes?: readonly string[];
}

export interface PersonalAccessToken {
  readonly value: string;
  readonly owner: string;
  readonly info: TokenInfo;
}

export interface Freshness {
  readonly comment?: string;
  /** Seconds; two years where it is absent. */
  readonly lifetime?: number;
  readonly scopes?: readonly string[];
}

const twoYears = 2 * 365 * 24 * 3600;

/** The personal access tokens of a workspace. A token that is over or deleted is gone. */
export class PersonalAccessTokens {
  /** How many tokens one user may have. */
  quota: number;
  /** Seconds that a token may live. */
  longestLife = Infinity;
  readonly #now: () => number;
  readonly #tokens = new Map<string, PersonalAccessToken>();

  constructor(now: () => number, quota: number) {
    this.#now = now;
    this.quota = quota;
  }

  /** A new token; `undefined` where the owner's quota is used up. */
  create(
    owner: string,
    { comment = "", lifetime = twoYears, scopes }: Freshness,
    value = `dapi${freshCanary()}`,
  ): PersonalAccessToken | undefined {
    if (this.of(owner).length >= this.quota) return undefined;
    const now = this.#now();
    const info = {
      token_id: randomHex(32),
      comment,
      creation_time: now,
      expiry_time: lifetime < 0 ? -1 : now + lifetime * 1000,
      ...present({ scopes }),
    };
    const token = { value, owner, info };
    this.#tokens.set(info.token_id, token);
    return token;
  }

  /** Those that are good now, the oldest first. */
  live(): PersonalAccessToken[] {
    return this.#tokens.values().filter(({ info }) =>
      info.expiry_time < 0 || this.#now() < info.expiry_time
    ).toArray();
  }

  of(owner: string): PersonalAccessToken[] {
    return this.live().filter((token) => token.owner === owner);
  }

  withValue(value: string): PersonalAccessToken | undefined {
    return this.live().find((token) => token.value === value);
  }

  /** Whether there was one to delete. */
  delete(owner: string, id: string): boolean {
    return this.#own(owner, id) !== undefined && this.#tokens.delete(id);
  }

  /** Whether there was one to change. */
  comment(owner: string, id: string, comment: string): boolean {
    const token = this.#own(owner, id);
    if (token === undefined) return false;
    this.#tokens.set(id, { ...token, info: { ...token.info, comment } });
    return true;
  }

  deleteAll(): void {
    this.#tokens.clear();
  }

  #own(owner: string, id: string): PersonalAccessToken | undefined {
    return this.of(owner).find(({ info }) => info.token_id === id);
  }
}

function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}
