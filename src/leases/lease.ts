import { FobError } from "../errors.ts";
import { futureTolerance, mintLimit, refusedPause } from "../limits.ts";
import type { Secret } from "../secret.ts";
import type { AccessToken } from "../tokens/token.ts";
import type { TokenFacts, TokenSource } from "../tokens/token_source.ts";
import type { LeaseNeeds } from "./end.ts";
import { endTokens } from "./end.ts";
import type { LimitedToken, Minter } from "./minter.ts";
import { pauseAfter, retryUntil } from "./retry_until.ts";

/** The longest time that a replaced token stays valid, in milliseconds. */
const longestGrace = 60_000;

/** The current token, and its times in milliseconds since the epoch. */
interface Held extends LimitedToken {
  /** From this time, the next request creates a new token. */
  readonly renewAt: number;
  /** Milliseconds that it stays valid after `renewAt`. */
  readonly grace: number;
  readonly mintedAt: number;
  /** The latest expiry that a caller got. Only the end of the lease revokes the token before. */
  reportedEnd: number;
}

/**
 * Short-lived tokens that a root creates while a command runs. A request after two thirds of a token's lifetime
 * creates the next token. There is no timer: the wall clock is compared, so that a machine that was suspended
 * does not hand out an expired token. If a renewal fails, the current token is used until it expires, and the
 * next request retries. A replaced token stays valid until the expiry that callers got.
 */
export class Lease implements TokenSource {
  readonly facts: TokenFacts;
  readonly #lifetime: number;
  readonly #needs: LeaseNeeds;
  #held: Held | undefined;
  /** The renewal in progress, shared by concurrent callers. */
  #renewal: Promise<AccessToken> | undefined;
  #tidying: Promise<void> | undefined;
  #nextTry = -Infinity;
  #forcedAt = -Infinity;
  /** The error of a busy server, and the time from which to ask it again. */
  #busy: { readonly until: number; readonly error: FobError } | undefined;
  #failures = 0;
  /** The root that the server refused. It is not tried again. */
  #refused: { readonly root: Secret; readonly error: FobError } | undefined;
  /** Aborted at the end of the lease, which also ends the pauses between attempts. */
  readonly #end = new AbortController();

  /** `lifetime`: the lifetime of each token in milliseconds. */
  constructor(facts: TokenFacts, lifetime: number, needs: LeaseNeeds) {
    this.facts = facts;
    this.#lifetime = lifetime;
    this.#needs = needs;
  }

  /**
   * @throws {FobError} `sign_in_again` if the server refuses the root; `provider_unreachable` if it returns no
   * token in half a minute; `provider_refused` if the quota is used up.
   */
  async current({ force = false }: { readonly force?: boolean } = {}): Promise<AccessToken> {
    this.#end.signal.throwIfAborted();
    const held = this.#held;
    if (held !== undefined && this.#suffices(held, force)) {
      this.#tidy();
      return this.#handOut(held);
    }
    return await (this.#renewal ??= this.#renew(force).finally(() => this.#renewal = undefined));
  }

  /** Resolves when no renewal and no revocation is in progress. */
  async settled(): Promise<void> {
    await this.#renewal?.catch(() => {});
    await this.#tidying;
  }

  /** Revokes every token. A token that cannot be revoked now is left to the next run. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#end.signal.aborted) return;
    this.#end.abort(hasEnded());
    await this.settled();
    await endTokens(this.#held?.token, this.#needs);
    this.#held = undefined;
  }

  #suffices(held: Held, force: boolean): boolean {
    const now = this.#needs.clock.now();
    const age = now - held.mintedAt;
    // If the clock was set back, the token looks younger than it is.
    if (now >= held.expiresAt || age < -futureTolerance) return false;
    return force
      ? now - this.#forcedAt < refusedPause
      : now < Math.max(held.renewAt, this.#nextTry);
  }

  #handOut(held: Held): AccessToken {
    const early = held.renewAt + held.grace;
    const expiresAt = this.#needs.clock.now() < held.renewAt ? early : held.expiresAt;
    held.reportedEnd = Math.max(held.reportedEnd, expiresAt);
    return { token: held.token, tokenType: "Bearer", expiresAt };
  }

  async #renew(force: boolean): Promise<AccessToken> {
    const { clock, notice } = this.#needs;
    const held = this.#held;
    const isGood = held !== undefined && clock.now() < held.expiresAt;
    try {
      await this.#replace(isGood && !force ? clock.now() : clock.now() + mintLimit);
    } catch (error) {
      await this.#noteFailure(error);
      if (!isGood || force || !(error instanceof FobError)) throw error;
      notice(`${error.message}. Using the current token, which is still valid`);
      return this.#handOut(held);
    }
    if (force) this.#forcedAt = clock.now();
    this.#tidy();
    if (this.#held === undefined) throw hasEnded();
    return this.#handOut(this.#held);
  }

  /** Creates a token that replaces the current one. */
  async #replace(deadline: number): Promise<void> {
    const { minter, journal, clock, root } = this.#needs;
    await this.#waitForBusyServer(deadline);
    const made = await retryUntil(
      async () => {
        const by = await root(this.#held?.token);
        if (this.#refused?.root.equals(by)) throw this.#refused.error;
        return await this.#mintWith(by, minter);
      },
      deadline,
      { ...this.#needs, clock: { now: () => clock.now(), sleep: (time) => this.#sleep(time) } },
    );
    const before = this.#held;
    const now = clock.now();
    const left = Math.max(0, made.expiresAt - now);
    const renewAt = now + left * 2 / 3;
    const grace = Math.min(longestGrace, left / 6);
    this.#held = { ...made, renewAt, grace, mintedAt: now, reportedEnd: renewAt + grace };
    this.#failures = 0;
    this.#nextTry = -Infinity;
    this.#busy = undefined;
    // If this note fails, the replaced token, already noted by ID, is revoked at the end.
    const revokeAt = before && Math.max(before.reportedEnd, now + before.grace);
    await journal.change(({ failure: _failure, ...note }) => ({
      ...note,
      renewedAt: now,
      nextRenewal: renewAt,
      failures: 0,
      tokens: note.tokens.map((token) =>
        revokeAt !== undefined && token.id === before?.id ? { ...token, revokeAt } : token
      ),
    })).catch(() => {});
  }

  async #mintWith(by: Secret, minter: Minter): Promise<LimitedToken> {
    try {
      return await minter.mint(by, this.#lifetime);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const { profile, host } = this.#needs.journal.note;
      const message = `"${host}" no longer creates tokens for "${profile}": ${error.message}`;
      const facts = { profile };
      const ended = new FobError("sign_in_again", message, { cause: error, facts });
      this.#refused = { root: by, error: ended };
      throw ended;
    }
  }

  /** Waits until the time that a busy server has set. */
  async #waitForBusyServer(deadline: number): Promise<void> {
    const { clock } = this.#needs;
    const { until, error } = this.#busy ?? { until: -Infinity, error: undefined };
    if (until <= clock.now()) return;
    if (until >= deadline) throw error;
    await this.#sleep(until - clock.now());
  }

  /** Sleeps until the time is over or the lease ends. */
  async #sleep(duration: number): Promise<void> {
    await this.#needs.clock.sleep(duration, this.#end.signal);
  }

  async #noteFailure(error: unknown): Promise<void> {
    const { clock, random, journal } = this.#needs;
    if (error === this.#busy?.error || this.#end.signal.aborted) return;
    this.#failures++;
    this.#nextTry = clock.now() + pauseAfter(error, this.#failures, random);
    if (error instanceof FobError && error.facts["retry_after"] !== undefined) {
      this.#busy = { until: this.#nextTry, error };
    }
    const [failures, nextRenewal] = [this.#failures, this.#nextTry];
    const failure = error instanceof FobError ? error.message : "unexpected error";
    await journal.change((note) => ({ ...note, failures, failure, nextRenewal })).catch(() => {});
  }

  /**
   * Revokes replaced tokens that are due, and tokens that were created without a response, in the background.
   */
  #tidy(): void {
    const { minter, journal, clock } = this.#needs;
    const due = journal.note.tokens.filter(({ revokeAt = Infinity }) => revokeAt <= clock.now());
    if (this.#tidying !== undefined || (due.length === 0 && !minter.isUncertain)) return;
    const tidy = async (): Promise<void> => {
      const by = await this.#needs.root(this.#held?.token);
      await minter.settle(by);
      for (const { id } of due) await minter.revoke(by, id);
    };
    // After a failure, the next request and the end of the lease try again.
    this.#tidying = tidy().catch(() => {}).finally(() => this.#tidying = undefined);
  }
}

function hasEnded(): FobError {
  return new FobError("failed", "The lease has ended");
}

/** Whether the server no longer accepts the credential (RFC 9110 sections 15.5.2 and 15.5.4). */
function isRefusal(error: unknown): error is FobError {
  return error instanceof FobError && error.code === "provider_refused" &&
    ["401", "403"].includes(error.facts["status"] ?? "");
}
