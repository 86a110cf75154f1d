import { present } from "../../../src/present.ts";
import { freshCanary } from "../../canaries/mark.ts";

/** A token as the token API lists it, without its value. */
export interface TokenInfo {
  readonly token_id: string;
  readonly comment: string;
  /** Milliseconds since the epoch. */
  readonly creation_time: number;
  /** Milliseconds since the epoch; -1 without an expiry. */
  readonly expiry_time: number;
  readonly scopes?: readonly string[];
}

export interface PersonalAccessToken {
  readonly value: string;
  readonly owner: string;
  readonly info: TokenInfo;
}

export interface TokenOptions {
  readonly comment?: string;
  /** Seconds; two years by default. */
  readonly lifetime?: number;
  readonly scopes?: readonly string[];
}

const twoYears = 2 * 365 * 24 * 3600;

/** The personal access tokens of a workspace, without expired and deleted ones. */
export class PersonalAccessTokens {
  /** The maximum number of tokens of one user. */
  quota: number;
  /** The maximum lifetime of a token in seconds. */
  longestLife = Infinity;
  readonly #now: () => number;
  readonly #tokens = new Map<string, PersonalAccessToken>();

  constructor(now: () => number, quota: number) {
    this.#now = now;
    this.quota = quota;
  }

  /** A new token; `undefined` if the owner's quota is used up. */
  create(
    owner: string,
    { comment = "", lifetime = twoYears, scopes }: TokenOptions,
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

  /** The valid tokens, oldest first. */
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

  /** Whether the token existed. */
  delete(owner: string, id: string): boolean {
    return this.#own(owner, id) !== undefined && this.#tokens.delete(id);
  }

  /** Sets the comment. Returns whether the token exists. */
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
