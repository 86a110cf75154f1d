import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import type { RunRecord, RunRecords } from "../system/files/run_records.ts";

/*
 * A chain is a lease without a root: each token is made with the one before, and nothing else is held. For
 * machines that have no store, at a price: where nobody asks for longer than a token lives, it has ended.
 */

/** What makes the tokens of a chain: `pasted` the first, which is forgotten then, and each the next. */
export function selfRenewingRoot(pasted: Secret): (held: Secret | undefined) => Promise<Secret> {
  let first: Secret | undefined = pasted;
  return (held) => {
    if (held !== undefined) {
      first = undefined;
      return Promise.resolve(held);
    }
    if (first !== undefined) return Promise.resolve(first);
    return Promise.reject(new FobError("sign_in_again", "The self-renewing lease has ended"));
  };
}

/** `records`, or none where the machine keeps nothing: a run that is killed leaves its token until its end. */
export function recordsOrNone(records: RunRecords, notice: (text: string) => void): RunRecords {
  return {
    look: () => records.look().catch(() => []),
    adopt: (id) => records.adopt(id),
    open: (id) =>
      records.open(id).catch((error: unknown) => {
        if (!(error instanceof FobError)) throw error;
        notice(`${error.message}. If fob is killed, its token stays valid until it expires`);
        return unwritten(id);
      }),
  };
}

function unwritten(id: string): RunRecord {
  return {
    id,
    read: () => Promise.resolve(undefined),
    write: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    [Symbol.dispose]: (): void => {},
  };
}
