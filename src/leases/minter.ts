import { FobError } from "../errors.ts";
import { clockTolerance } from "../limits.ts";
import type { MintedToken, TokenIssuer } from "../providers/token_issuer.ts";
import type { Secret } from "../secret.ts";
import type { Clock } from "../system/clock.ts";
import type { LeaseJournal } from "./journal.ts";

/** What making tokens needs. */
export interface MinterNeeds {
  readonly issuer: TokenIssuer;
  readonly journal: LeaseJournal;
  readonly clock: Clock;
}

/** A token that has an end. */
export type LimitedToken = MintedToken & { readonly expiresAt: number };

/** Makes and ends the tokens of one run, so that none is lost: what may be alive is in the journal. */
export class Minter {
  readonly #needs: MinterNeeds;
  /** Whether a token may have been made whose id nobody heard; and whether that was ever so. */
  #isUncertain = false;
  #wasUncertain = false;

  constructor(needs: MinterNeeds) {
    this.#needs = needs;
  }

  get isUncertain(): boolean {
    return this.#isUncertain;
  }

  /** Asks for a token, once. Its id is noted before it is handed over. */
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

  /** Ends a token, and forgets it. */
  async revoke(by: Secret, id: string): Promise<void> {
    await this.#needs.issuer.revoke(by, id);
    await this.#needs.journal.drop(id);
  }

  /**
   * Ends what was made without an answer: by the comment, and never what the journal knows. `isLast`: also
   * what came after an earlier look, from a server that was slow.
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

  /** Whether `end`, in milliseconds since the epoch, is past by any clock. */
  isOver(end: number): boolean {
    return end + clockTolerance < this.#needs.clock.now();
  }
}

/** Whether the error tells that nothing was made. */
function isCertain(error: unknown): boolean {
  if (!(error instanceof FobError)) return false;
  return error.code === "provider_refused" || error.facts["status"] === "429";
}
