import { FobError } from "../errors.ts";
import { clockTolerance } from "../limits.ts";
import type { MintedToken, TokenIssuer } from "../providers/token_issuer.ts";
import type { Secret } from "../secret.ts";
import type { Clock } from "../system/clock.ts";
import type { LeaseJournal } from "./journal.ts";

/** What a {@link Minter} needs. */
export interface MinterNeeds {
  readonly issuer: TokenIssuer;
  readonly journal: LeaseJournal;
  readonly clock: Clock;
}

/** A token with an expiry. */
export type LimitedToken = MintedToken & { readonly expiresAt: number };

/** Creates and revokes the tokens of one run. Every token that may be valid is in the journal. */
export class Minter {
  readonly #needs: MinterNeeds;
  /** Whether a token without a known ID may exist; and whether that was ever the case in this run. */
  #isUncertain = false;
  #wasUncertain = false;

  constructor(needs: MinterNeeds) {
    this.#needs = needs;
  }

  get isUncertain(): boolean {
    return this.#isUncertain;
  }

  /** Creates a token, with one request. Its ID is noted before the token is returned. */
  async mint(by: Secret, lifetime: number): Promise<LimitedToken> {
    const { issuer, journal, clock } = this.#needs;
    const { comment } = journal.note;
    const end = clock.now() + lifetime;
    await journal.change((note) => ({ ...note, lastEnd: Math.max(note.lastEnd, end) }));
    let minted: MintedToken;
    try {
      minted = await issuer.mint(by, { comment, lifetime });
    } catch (error) {
      if (!isCertain(error)) this.#doubt();
      throw error;
    }
    const token = { ...minted, expiresAt: minted.expiresAt ?? clock.now() + lifetime };
    try {
      await journal.add({ id: token.id, expiresAt: token.expiresAt });
    } catch (error) {
      await issuer.revoke(by, token.id).catch(() => this.#doubt());
      throw error;
    }
    return token;
  }

  /** Revokes a token and removes it from the journal. */
  async revoke(by: Secret, id: string): Promise<void> {
    await this.#needs.issuer.revoke(by, id);
    await this.#needs.journal.drop(id);
  }

  /**
   * Revokes tokens that were created without a response: tokens with the run's comment that are not in the
   * journal. `isLast`: also looks for tokens that a slow server created after an earlier call.
   */
  async settle(by: Secret, isLast = false): Promise<void> {
    if (!(isLast ? this.#wasUncertain : this.#isUncertain)) return;
    const { issuer, journal } = this.#needs;
    const known = journal.note.tokens.map(({ id }) => id);
    const lost = (await issuer.list(by)).filter(({ id, comment }) =>
      comment === journal.note.comment && !known.includes(id)
    );
    for (const { id } of lost) await issuer.revoke(by, id);
    this.#isUncertain = false;
  }

  #doubt(): void {
    this.#isUncertain = true;
    this.#wasUncertain = true;
  }

  /** Whether `end`, in milliseconds since the epoch, is past by this clock and the server's. */
  isOver(end: number): boolean {
    return end + clockTolerance < this.#needs.clock.now();
  }
}

/** Whether the error proves that no token was created. */
function isCertain(error: unknown): boolean {
  if (!(error instanceof FobError)) return false;
  return error.code === "provider_refused" || error.facts["status"] === "429";
}
