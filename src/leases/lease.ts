import { FobError } from "../errors.ts";
import { futureTolerance, mintLimit, refusedPause } from "../limits.ts";
import type { Secret } from "../secret.ts";
import type { AccessToken } from "../tokens/token.ts";
import type { TokenFacts, TokenSource } from "../tokens/token_source.ts";
import type { LeaseNeeds } from "./end.ts";
import { endTokens } from "./end.ts";
import type { LimitedToken, Minter } from "./minter.ts";
import { pauseAfter, retryUntil } from "./retry_until.ts";

/** Milliseconds that a replaced token stays good for who holds it. */
const longestGrace = 60_000;

/** A token that is handed out, and until when. */
interface Held extends LimitedToken {
  /** From here on whoever asks gets another. */
  readonly renewAt: number;
  readonly grace: number;
  readonly mintedAt: number;
  /** The latest end that anybody was told: before that nothing ends it but the end of the lease. */
  toldEnd: number;
}

/**
 * Short tokens made from a root, for as long as a command runs. It does nothing unless it is asked: at two
 * thirds of a token's life it makes the next one, by the wall clock, so that a machine that has slept does
 * not hand out what is over. Where that fails, the one at hand is good until its end, and the next who asks
 * tries again. What is replaced stays good for as long as anybody was told.
 */
export class Lease implements TokenSource {
  readonly facts: TokenFacts;
  readonly #lifetime: number;
  readonly #needs: LeaseNeeds;
  #held: Held | undefined;
  /** What is under way, for all who ask meanwhile. */
  #renewal: Promise<AccessToken> | undefined;
  #tidying: Promise<void> | undefined;
  #nextTry = -Infinity;
  #forcedAt = -Infinity;
  /** A server that said when to come back. */
  #busy: { readonly until: number; readonly error: FobError } | undefined;
  #failures = 0;
  /** The root that the server refused: asking again with it is no use. */
  #refused: { readonly root: Secret; readonly error: FobError } | undefined;
  /** Ends what waits for a server, too. */
  readonly #end = new AbortController();

  /** `lifetime`: milliseconds that each token shall live. */
  constructor(facts: TokenFacts, lifetime: number, needs: LeaseNeeds) {
    this.facts = facts;
    this.#lifetime = lifetime;
    this.#needs = needs;
  }

  /**
   * @throws {FobError} `sign_in_again` where the server refuses the root, `provider_unreachable` where no
   * token could be had in half a minute, `provider_refused` where the quota is used up.
   */
  async current({ force = false }: { readonly force?: boolean } = {}): Promise<AccessToken> {
    this.#end.signal.throwIfAborted();
    const held = this.#held;
    if (held !== undefined && this.#suffices(held, force)) {
      this.#tidy();
      return this.#told(held);
    }
    return await (this.#renewal ??= this.#renew(force).finally(() => this.#renewal = undefined));
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await this.#renewal?.catch(() => {});
    await this.#tidying;
  }

  /** Ends every token that was made. What cannot be ended now is left to the next run. */
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
    // A clock that was set back makes a token look younger than it is.
    if (now >= held.expiresAt || age < -futureTolerance) return false;
    return force
      ? now - this.#forcedAt < refusedPause
      : now < Math.max(held.renewAt, this.#nextTry);
  }

  #told(held: Held): AccessToken {
    const early = held.renewAt + held.grace;
    const expiresAt = this.#needs.clock.now() < held.renewAt ? early : held.expiresAt;
    held.toldEnd = Math.max(held.toldEnd, expiresAt);
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
      return this.#told(held);
    }
    if (force) this.#forcedAt = clock.now();
    this.#tidy();
    if (this.#held === undefined) throw hasEnded();
    return this.#told(this.#held);
  }

  /** Makes a token and puts it in the place of the one at hand. */
  async #replace(deadline: number): Promise<void> {
    const { minter, journal, clock, root } = this.#needs;
    await this.#heedBusyServer(deadline);
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
    this.#held = { ...made, renewAt, grace, mintedAt: now, toldEnd: renewAt + grace };
    this.#failures = 0;
    this.#nextTry = -Infinity;
    this.#busy = undefined;
    // What cannot be noted of the one before, its end says: the id is noted already.
    const revokeAt = before && Math.max(before.toldEnd, now + before.grace);
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

  /** A server that said when to come back is not asked before. */
  async #heedBusyServer(deadline: number): Promise<void> {
    const { clock } = this.#needs;
    const { until, error } = this.#busy ?? { until: -Infinity, error: undefined };
    if (until <= clock.now()) return;
    if (until >= deadline) throw error;
    await this.#sleep(until - clock.now());
  }

  /** Nobody waits for a token of a lease that has ended. */
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

  /** Ends what was replaced long enough ago, and what was made without an answer, beside everything else. */
  #tidy(): void {
    const { minter, journal, clock } = this.#needs;
    const due = journal.note.tokens.filter(({ revokeAt = Infinity }) => revokeAt <= clock.now());
    if (this.#tidying !== undefined || (due.length === 0 && !minter.isUncertain)) return;
    const tidy = async (): Promise<void> => {
      const by = await this.#needs.root(this.#held?.token);
      await minter.settle(by);
      for (const { id } of due) await minter.revoke(by, id);
    };
    // What fails now is tried again when the next one asks, and at the end.
    this.#tidying = tidy().catch(() => {}).finally(() => this.#tidying = undefined);
  }
}

function hasEnded(): FobError {
  return new FobError("failed", "The lease has ended");
}

/** Whether the server takes the credential no more (RFC 9110 sections 15.5.2 and 15.5.4). */
function isRefusal(error: unknown): error is FobError {
  return error instanceof FobError && error.code === "provider_refused" &&
    ["401", "403"].includes(error.facts["status"] ?? "");
}
