import { FobError } from "../errors.ts";
import { usualMargin } from "../limits.ts";
import { present } from "../present.ts";
import { isFinal } from "./access_token.ts";
import type { AccessToken, FoundToken, TokenRequest } from "./token.ts";

/** The properties that all tokens of a source share. */
export type TokenFacts = Pick<FoundToken, "host" | "provider" | "tokenType">;

/** Tokens of one login while a command runs. Disposing of it revokes the tokens that were created for it. */
export interface TokenSource extends AsyncDisposable {
  readonly facts: TokenFacts;
  /**
   * Returns a token that lives long enough; with `force`, a new one if possible.
   *
   * @throws {FobError} the reason why there is no token.
   */
  current(request?: { readonly force?: boolean }): Promise<AccessToken>;
}

/** What {@link openTokenSource} needs. */
export interface TokenSourceNeeds {
  /**
   * Finds the token of one login. With `force`, a token is new enough if it was obtained after `since`, in
   * milliseconds since the epoch. The first call has no `since`.
   */
  readonly find: (request: TokenRequest, since?: number) => Promise<FoundToken>;
  readonly clock: { now(): number };
  readonly notice: (text: string) => void;
}

/**
 * Opens a source of the tokens of a stored login, a workload identity or a variable, and finds the first token.
 *
 * @throws {FobError} the reason why there is no token.
 */
export async function openTokenSource(
  minTtl: number | undefined,
  needs: TokenSourceNeeds,
): Promise<TokenSource> {
  const request = present({ minTtl });
  return new LoginTokenSource(await needs.find(request), request, needs);
}

/** Holds the token of a login until it is about to expire. */
class LoginTokenSource implements TokenSource {
  readonly facts: TokenFacts;
  readonly #request: TokenRequest;
  readonly #needs: TokenSourceNeeds;
  #held: AccessToken;
  #foundAt: number;
  /** The search in progress, shared by concurrent callers. */
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
      // A token that is newer than the current one.
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
