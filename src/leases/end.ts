import { FobError } from "../errors.ts";
import { cleanupLimit } from "../limits.ts";
import type { Secret } from "../secret.ts";
import type { LeaseJournal } from "./journal.ts";
import type { Minter } from "./minter.ts";
import { retryUntil, type RetryUntilNeeds } from "./retry_until.ts";

/** What a lease needs. */
export interface LeaseNeeds extends RetryUntilNeeds {
  readonly minter: Minter;
  readonly journal: LeaseJournal;
  /** What tokens are made with, as it is now; `held` is the one at hand. */
  readonly root: (held: Secret | undefined) => Promise<Secret>;
  readonly notice: (text: string) => void;
}

/**
 * Ends every token of a run, `held` last, and its note with them. What the server does not end now stays
 * noted, for the next run to end, and people are told until when it is good. Never throws.
 */
export async function endTokens(held: Secret | undefined, needs: LeaseNeeds): Promise<void> {
  const { journal, notice, root } = needs;
  const deadline = needs.clock.now() + cleanupLimit;
  try {
    const by = await root(held).catch((error: unknown) => held ?? Promise.reject(error));
    try {
      await endAll(by, deadline, needs);
    } catch (error) {
      // A root that is refused: the token at hand can still end itself.
      if (held === undefined || held.equals(by) || !isRefused(error)) throw error;
      await endAll(held, deadline, needs);
    }
    await journal.close();
  } catch (error) {
    journal.leave();
    const { tokens, lastEnd } = journal.note;
    const ends = tokens.length === 0 ? lastEnd : Math.max(...tokens.map((it) => it.expiresAt));
    if (ends < needs.clock.now()) return;
    const why = error instanceof FobError ? error.message : "unexpected error";
    notice(
      `A leased token may stay valid until ${
        new Date(ends).toISOString()
      }, unless the next run revokes it: ${why}`,
    );
  }
}

async function endAll(by: Secret, deadline: number, needs: LeaseNeeds): Promise<void> {
  const { minter, journal } = needs;
  await retryUntil(() => minter.settle(by, true), deadline, needs);
  for (const { id, expiresAt } of replacedFirst(journal.note.tokens)) {
    const revoke = (): Promise<void> => minter.revoke(by, id);
    // It may look over by a clock that was set meanwhile: asked once, whatever comes of it.
    if (minter.isOver(expiresAt)) await revoke().catch(() => {});
    else await retryUntil(revoke, deadline, needs);
  }
}

/** The one in use may be what the others are ended with. */
function replacedFirst<T extends { readonly revokeAt?: number }>(tokens: readonly T[]): T[] {
  const isReplaced = (token: T): boolean => token.revokeAt !== undefined;
  return [...tokens.filter(isReplaced), ...tokens.filter((token) => !isReplaced(token))];
}

function isRefused(error: unknown): boolean {
  return error instanceof FobError && error.code === "provider_refused";
}
