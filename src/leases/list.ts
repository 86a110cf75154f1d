import { FobError } from "../errors.ts";
import type { RunRecords } from "../system/files/run_records.ts";
import { decodeNote, type LeaseNote, type NotedToken } from "./journal.ts";

/** A lease and its run. */
export interface NotedLease extends LeaseNote {
  readonly run: string;
  /** Whether the process of the run still exists. */
  readonly isAlive: boolean;
}

/** The leases of all runs on this machine, the oldest first. */
export async function notedLeases(records: RunRecords): Promise<NotedLease[]> {
  const found = (await records.look()).flatMap(({ id: run, text, isAlive }) => {
    const note = decodeNote(text);
    return note === undefined ? [] : [{ ...note, run, isAlive }];
  });
  return found.sort((one, other) => one.startedAt - other.startedAt);
}

/** The current token of a lease; `undefined` if it has none. */
export function tokenInUse({ tokens }: LeaseNote): NotedToken | undefined {
  return tokens.find(({ revokeAt }) => revokeAt === undefined) ?? tokens.at(-1);
}

/** The number of characters of an ID that are shown, and the least that a person may type. */
export const shownLength = 8;

/**
 * Returns the token with an ID that starts with `text`.
 *
 * @throws {FobError} `usage` if no token or several match.
 */
export function findNotedToken(
  text: string,
  leases: readonly NotedLease[],
): { readonly lease: NotedLease; readonly token: NotedToken } {
  const found = leases.flatMap((lease) => lease.tokens.map((token) => ({ lease, token })))
    .filter(({ token: { id } }) => text.length >= shownLength && id.startsWith(text));
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const what = first === undefined ? "No leased token matches" : "Several leased tokens match";
  throw new FobError("usage", `${what} "${text.slice(0, 80)}"`, {
    facts: { see: "fob lease list" },
  });
}
