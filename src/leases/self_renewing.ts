import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import type { RunRecord, RunRecords } from "../system/files/run_records.ts";

/*
 * A self-renewing lease has no root: each token creates the next one, and fob holds only the current one. It is
 * for machines without a store. If no token is requested during the lifetime of the current one, the lease
 * ends.
 */

/** The root of a self-renewing lease: `pasted` for the first token, then always the current token. */
export function selfRenewingRoot(pasted: Secret): (held: Secret | undefined) => Promise<Secret> {
  let first: Secret | undefined = pasted;
  return (held) => {
    if (held !== undefined) {
      first = undefined;
      return Promise.resolve(held);
    }
    if (first !== undefined) return Promise.resolve(first);
    const message = "The self-renewing lease has ended";
    return Promise.reject(new FobError("sign_in_again", message, { facts: { lease: "ended" } }));
  };
}

/**
 * `records`, or records that keep nothing if the machine cannot write them, with a notice: if the run is
 * killed, its token stays valid until it expires.
 */
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
