import { accountsIn, copyOne, type Move, type MoveNeeds, type Outcome, summarize } from "./move.ts";

/** What it takes to use another store from now on. */
export interface SwitchNeeds extends MoveNeeds {
  /** Makes the other store the one that is asked. */
  readonly settle: () => Promise<unknown>;
}

/**
 * Moves every credential to the store that is asked from now on. Until `settle` all of them are in the one,
 * and after it all of them in the other, so that one that is cut off leaves nobody signed out. Their locks
 * are held all the while: what is refreshed or ended meanwhile would be in one of them alone.
 *
 * @throws {FobError} as moving does, or what `settle` throws; nothing has been removed then.
 */
export async function switchStore(needs: SwitchNeeds): Promise<Move> {
  using held = new DisposableStack();
  const accounts = (await accountsIn(needs.from)).toSorted();
  for (const account of accounts) held.use(await needs.locks.take(account, needs.lockLimit));
  const outcomes: [string, Outcome][] = [];
  for (const account of accounts) {
    outcomes.push([account, await needs.uninterrupted(() => copyOne(account, needs))]);
  }
  await needs.settle();
  for (const [account, outcome] of outcomes) {
    const isDone = outcome === "moved" || outcome === "outdated";
    if (isDone) await needs.uninterrupted(() => needs.from.delete(account));
  }
  return summarize(outcomes);
}
