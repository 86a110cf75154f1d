import type { Credential } from "../../../src/credentials/credential.ts";
import { readCredential, writeCredential } from "../../../src/credentials/envelope.ts";
import { type ErrorCode, FobError } from "../../../src/errors.ts";
import type { TokenSet } from "../../../src/oauth/token_set.ts";
import type { Profile } from "../../../src/profiles/profile.ts";
import { accessToken, type AccessTokenNeeds } from "../../../src/tokens/access_token.ts";
import { loginWith, minute, noon, revealed, tokensOf, work } from "../stores/credentials.ts";
import { LoggedStore } from "../stores/logged_store.ts";
import { FakeClock } from "./clock.ts";
import { MemoryLocks } from "./memory_locks.ts";

/** The account of {@link work}. */
export const account = "oidc:work";

/** The log of a successful refresh. */
export const wholeRefresh = [
  "get",
  "take",
  "get",
  "assertWritable",
  "refresh rt-1",
  "set",
  "release",
];

/**
 * A fake machine with a login. The server responds to a refresh with the next token pair, or as set in
 * `server`.
 */
export class TokenMachine implements AccessTokenNeeds {
  readonly platforms = [];
  readonly log: string[] = [];
  readonly store = new LoggedStore(this.log);
  readonly clock = new FakeClock(noon);
  readonly locks = new MemoryLocks(this.log);
  readonly notices: string[] = [];
  /** When the process started. */
  start = noon + minute;
  turn = 1;
  /** The response of the server to a refresh, default the next token pair. */
  server: (spent: TokenSet) => Promise<TokenSet> = () => Promise.resolve(this.#nextPair());

  static async with(credential: Credential | undefined, now: number): Promise<TokenMachine> {
    const machine = new TokenMachine();
    machine.clock.advance(now - noon);
    if (credential !== undefined) await writeCredential(account, credential, machine.store);
    machine.log.length = 0;
    return machine;
  }

  #nextPair(): TokenSet {
    const now = this.clock.now();
    return tokensOf(++this.turn, { obtainedAt: now, expiresAt: now + 60 * minute });
  }

  readonly startedAt = (): Promise<number> => Promise.resolve(this.start);

  readonly notice = (text: string): void => void this.notices.push(text);

  readonly uninterrupted = <T>(work: () => Promise<T>): Promise<T> => work();

  readonly refresh: AccessTokenNeeds["refresh"] = ({ tokens }, exchange) =>
    exchange(() => {
      this.log.push(`refresh ${tokens.refreshToken?.reveal()}`);
      return this.server(tokens);
    });

  readonly authenticate: AccessTokenNeeds["authenticate"] = ({ clientSecret, tokens }) => {
    this.log.push(`authenticate ${clientSecret?.reveal()}`);
    return this.server(tokens);
  };

  refuse(code: ErrorCode, message = `Server: ${code}`): void {
    this.server = () => Promise.reject(new FobError(code, message));
  }

  /** The token that `accessToken` returns. */
  async token(wish = {}, profile: Profile = work): Promise<string> {
    return (await accessToken(profile, wish, this)).token.reveal();
  }

  async kept(): Promise<unknown> {
    return revealed(await readCredential(account, this.store));
  }
}

/** A login with a token that expires in one minute. */
export function nearExpiry(): Promise<TokenMachine> {
  return TokenMachine.with(loginWith(tokensOf(1)), noon + 59 * minute);
}

/** A login with an expired token. */
export function afterExpiry(): Promise<TokenMachine> {
  return TokenMachine.with(loginWith(tokensOf(1)), noon + 61 * minute);
}
