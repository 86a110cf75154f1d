import { FobError } from "../errors.ts";
import { cleanupLimit } from "../limits.ts";
import type { Secret } from "../secret.ts";
import type { LeaseJournal } from "./journal.ts";
import type { Minter } from "./minter.ts";
import { retryUntil, type RetryUntilNeeds } from "./retry_until.ts";

/** What a {@link Lease} needs. */
export interface LeaseNeeds extends RetryUntilNeeds {
  readonly minter: Minter;
  readonly journal: LeaseJournal;
  /**
   * Returns the root, the token that creates and revokes the others; `held` is the current token of the lease.
   */
  readonly root: (held: Secret | undefined) => Promise<Secret>;
  readonly notice: (text: string) => void;
}

/**
 * Revokes every token of a run, `held` last, and deletes its note. If a token cannot be revoked, the note stays
 * for the next run, and a notice says how long the token may stay valid. Never throws.
 */
export async function endTokens(held: Secret | undefined, needs: LeaseNeeds): Promise<void> {
  const { journal, notice, root } = needs;
  const deadline = needs.clock.now() + cleanupLimit;
  try {
    const by = await root(held).catch((error: unknown) => held ?? Promise.reject(error));
    try {
      await endAll(by, deadline, needs);
    } catch (error) {
      // The server refuses the root: the current token can still revoke itself.
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
    // It may only look expired, if the clock was set: try once and ignore the result.
    if (minter.isOver(expiresAt)) await revoke().catch(() => {});
    else await retryUntil(revoke, deadline, needs);
  }
}

/** Sorts the token in use last, because it may revoke the others. */
function replacedFirst<T extends { readonly revokeAt?: number }>(tokens: readonly T[]): T[] {
  const isReplaced = (token: T): boolean => token.revokeAt !== undefined;
  return [...tokens.filter(isReplaced), ...tokens.filter((token) => !isReplaced(token))];
}

function isRefused(error: unknown): boolean {
  return error instanceof FobError && error.code === "provider_refused";
}
