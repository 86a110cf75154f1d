import { FobError } from "../errors.ts";
import { usualMargin } from "../limits.ts";
import { present } from "../present.ts";
import { isFinal } from "./access_token.ts";
import type { AccessToken, FoundToken, TokenRequest } from "./token.ts";

/** What all tokens of a source have in common. */
export type TokenFacts = Pick<FoundToken, "host" | "provider" | "tokenType">;

/** Tokens for as long as a command runs, all of the same login. Disposing of it ends what was made for it alone. */
export interface TokenSource extends AsyncDisposable {
  readonly facts: TokenFacts;
  /**
   * A token that lives long enough; with `force` none that was handed out before, if there is another.
   *
   * @throws {FobError} why there is none.
   */
  current(request?: { readonly force?: boolean }): Promise<AccessToken>;
}

/** What asking for tokens again and again needs. */
export interface TokenSourceNeeds {
  /**
   * Finds the token of one login. A forced one counts as new if it was obtained after `since`, milliseconds
   * since the epoch; the first one is found without.
   */
  readonly find: (request: TokenRequest, since?: number) => Promise<FoundToken>;
  readonly clock: { now(): number };
  readonly notice: (text: string) => void;
}

/**
 * The tokens of a login that is kept, of a program's own sign-in or of a variable, with the first one found.
 *
 * @throws {FobError} why there is none.
 */
export async function openTokenSource(
  minTtl: number | undefined,
  needs: TokenSourceNeeds,
): Promise<TokenSource> {
  const request = present({ minTtl });
  return new LoginTokenSource(await needs.find(request), request, needs);
}

/** Holds the token of a login until it is about to end. */
class LoginTokenSource implements TokenSource {
  readonly facts: TokenFacts;
  readonly #request: TokenRequest;
  readonly #needs: TokenSourceNeeds;
  #held: AccessToken;
  #foundAt: number;
  /** What is under way, for all who ask meanwhile. */
  #search: { readonly force: boolean; readonly found: Promise<AccessToken> } | undefined;

  constructor(first: FoundToken, request: TokenRequest, needs: TokenSourceNeeds) {
    const { host, provider, tokenType } = first;
    this.facts = {
      tokenType,
      ...present({ host, provider }),
    };
    this.#held = first;
    this.#foundAt = needs.clock.now();
    this.#request = request;
    this.#needs = needs;
  }

  async current({ force = false }: { readonly force?: boolean } = {}): Promise<AccessToken> {
    if (!force && this.#suffices()) return this.#held;
    const { token } = this.#held;
    this.#search ??= { force, found: this.#find(force).finally(() => this.#search = undefined) };
    const { found, force: isForced } = this.#search;
    if (isForced || !force) return await found;
    const other = await found.catch(() => this.#held);
    return other.token.equals(token) ? await this.current({ force }) : other;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #find(force: boolean): Promise<AccessToken> {
    const { find, clock, notice } = this.#needs;
    try {
      // Later than the token at hand was obtained.
      this.#held = await find({ ...this.#request, force }, this.#foundAt + 1);
      this.#foundAt = clock.now();
    } catch (error) {
      const isValid = !force && this.#lifeLeft() > 0;
      if (!isValid || !(error instanceof FobError) || isFinal(error)) throw error;
      notice(`${error.message}. Using the current token, which is still valid`);
    }
    return this.#held;
  }

  #suffices(): boolean {
    const { expiresAt } = this.#held;
    const usual = expiresAt === undefined
      ? 0
      : Math.min(usualMargin, (expiresAt - this.#foundAt) / 3);
    return this.#lifeLeft() > (this.#request.minTtl ?? usual);
  }

  #lifeLeft(): number {
    return (this.#held.expiresAt ?? Infinity) - this.#needs.clock.now();
  }
}
