import { FobError } from "../errors.ts";
import { isTrial } from "../profiles/profile.ts";
import type { Secret } from "../secret.ts";
import { holdsNothing } from "../stores/absence.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Locks } from "../system/files/locks.ts";
import type { Credential } from "./credential.ts";
import { decode } from "./envelope.ts";

/** What moving needs. */
export interface MoveNeeds {
  readonly from: SecretStore;
  readonly to: SecretStore;
  readonly locks: Locks;
  /** Milliseconds to wait for whoever uses a credential. */
  readonly lockLimit: number;
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What became of the credentials of a store. */
export interface Move {
  /** The accounts that are in the other store now. */
  readonly moved: readonly string[];
  /** Those whose entry was dropped, because the other store had a newer one. */
  readonly outdated: readonly string[];
  /** Those that were left as they are, because an entry of theirs cannot be decoded. */
  readonly left: readonly FobError[];
}

/** What became of one credential. */
export type Outcome = "moved" | "outdated" | "gone" | FobError;

/**
 * Moves every credential of one store to the other: copy, read back, compare, and only then remove, each
 * under its own lock. A newer entry is never replaced by an older one. Cut off anywhere, it can be done
 * again, and ends the same.
 *
 * @throws {FobError} the first failure of a store. After a write that timed out nothing is removed: what it
 * did is unknown.
 */
export async function moveCredentials(needs: MoveNeeds): Promise<Move> {
  const outcomes: [string, Outcome][] = [];
  for (const account of await accountsIn(needs.from)) {
    outcomes.push([account, await moveOne(account, needs)]);
  }
  return summarize(outcomes);
}

/** What became of each account. */
export function summarize(outcomes: readonly [string, Outcome][]): Move {
  const accountsOf = (wanted: Outcome): string[] =>
    outcomes.filter(([, outcome]) => outcome === wanted).map(([account]) => account);
  return {
    moved: accountsOf("moved"),
    outdated: accountsOf("outdated"),
    left: outcomes.map(([, outcome]) => outcome).filter((outcome) => outcome instanceof FobError),
  };
}

/** A keychain that is provably absent, and not known to hold a login, has none to move. */
export async function accountsIn(store: SecretStore): Promise<string[]> {
  try {
    return (await store.list()).filter((account) => !isTrial(account));
  } catch (error) {
    if (holdsNothing(error)) return [];
    throw error;
  }
}

async function moveOne(account: string, needs: MoveNeeds): Promise<Outcome> {
  using _lock = await needs.locks.take(account, needs.lockLimit);
  return await needs.uninterrupted(async () => {
    const outcome = await copyOne(account, needs);
    if (outcome === "moved" || outcome === "outdated") await needs.from.delete(account);
    return outcome;
  });
}

/** Does all of a move but the removal. */
export async function copyOne(
  account: string,
  { from, to }: Pick<MoveNeeds, "from" | "to">,
): Promise<Outcome> {
  const secret = await from.get(account);
  if (secret === undefined) return "gone";
  const there = await to.get(account);
  const verdict = compare(secret, there, account);
  if (verdict === "moved" && !there?.equals(secret)) await copy(account, secret, to);
  return verdict;
}

/** Which entry stays. Of two that are equally old, the one that is about to be moved is in use. */
function compare(
  secret: Secret,
  there: Secret | undefined,
  account: string,
): "moved" | "outdated" | FobError {
  try {
    const here = obtainedAt(decode(secret, account));
    return there !== undefined && obtainedAt(decode(there, account)) > here ? "outdated" : "moved";
  } catch (error) {
    if (error instanceof FobError) return error;
    throw error;
  }
}

function obtainedAt(credential: Credential): number {
  return credential.kind === "pat" ? credential.obtainedAt : credential.tokens.obtainedAt;
}

/**
 * Writes `secret`, and makes sure that it can be read back.
 *
 * @throws {FobError} the store's, or `store_failed` for a store that gives back something else.
 */
export async function copy(account: string, secret: Secret, to: SecretStore): Promise<void> {
  await to.assertWritable(account);
  await to.set(account, secret);
  if (!(await to.get(account))?.equals(secret)) {
    throw new FobError(
      "store_failed",
      `The credential written to ${to.location} does not read back the same`,
    );
  }
}
