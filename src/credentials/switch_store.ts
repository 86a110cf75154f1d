import { accountsIn, copyOne, type Move, type MoveNeeds, type Outcome, summarize } from "./move.ts";

/** What {@link switchStore} needs. */
export interface SwitchNeeds extends MoveNeeds {
  /** Puts the other store into use. */
  readonly settle: () => Promise<unknown>;
}

/**
 * Moves every credential to another store and puts that store into use. Before `settle`, all credentials are in
 * the old store; after it, all are in the new one. So an interrupted run loses no login. The locks of all
 * credentials are held, because a refresh or a sign-out meanwhile would change only one of the stores.
 *
 * @throws {FobError} the errors of moving and of `settle`. Then nothing has been deleted.
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
