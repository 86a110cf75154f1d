import { FobError } from "../errors.ts";
import { isTestAccount } from "../profiles/profile.ts";
import type { Secret } from "../secret.ts";
import { holdsNothing } from "../stores/absence.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Locks } from "../system/files/locks.ts";
import type { Credential } from "./credential.ts";
import { decode } from "./envelope.ts";

/** What moving credentials needs. */
export interface MoveNeeds {
  readonly from: SecretStore;
  readonly to: SecretStore;
  readonly locks: Locks;
  /** Milliseconds to wait for the lock of a credential. */
  readonly lockLimit: number;
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The result of moving the credentials of a store. */
export interface Move {
  /** The accounts that are in the other store now. */
  readonly moved: readonly string[];
  /** The accounts with an entry that was deleted because the other store has a newer one. */
  readonly outdated: readonly string[];
  /** An error for each account that was left unchanged because its entry cannot be decoded. */
  readonly left: readonly FobError[];
}

/** The result for one credential. */
export type Outcome = "moved" | "outdated" | "gone" | FobError;

/**
 * Moves every credential of one store to the other: copies, reads back, compares, then deletes, each under its
 * own lock. An older entry never replaces a newer one. A move that was interrupted at any point can be
 * repeated.
 *
 * @throws {FobError} the first failure of a store. After a write that timed out, nothing is deleted, because
 * its result is unknown.
 */
export async function moveCredentials(needs: MoveNeeds): Promise<Move> {
  const outcomes: [string, Outcome][] = [];
  for (const account of await accountsIn(needs.from)) {
    outcomes.push([account, await moveOne(account, needs)]);
  }
  return summarize(outcomes);
}

/** Groups the accounts by their outcome. */
export function summarize(outcomes: readonly [string, Outcome][]): Move {
  const accountsOf = (wanted: Outcome): string[] =>
    outcomes.filter(([, outcome]) => outcome === wanted).map(([account]) => account);
  return {
    moved: accountsOf("moved"),
    outdated: accountsOf("outdated"),
    left: outcomes.map(([, outcome]) => outcome).filter((outcome) => outcome instanceof FobError),
  };
}

/** The accounts to move; empty for a keychain that is absent and not known to hold a login. */
export async function accountsIn(store: SecretStore): Promise<string[]> {
  try {
    return (await store.list()).filter((account) => !isTestAccount(account));
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

/** Does a move without the deletion. */
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

/** Which entry stays. Of two with the same age, the moved entry stays, because it is in use. */
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
 * Writes `secret` and reads it back.
 *
 * @throws {FobError} the errors of the store; `store_failed` if it returns another value.
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
