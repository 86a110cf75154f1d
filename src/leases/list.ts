import { FobError } from "../errors.ts";
import type { RunRecords } from "../system/files/run_records.ts";
import { decodeNote, type LeaseNote, type NotedToken } from "./journal.ts";

/** A lease as its run has noted it. */
export interface NotedLease extends LeaseNote {
  readonly run: string;
  /** Whether the run is still there. */
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

/** The token that a lease hands out now; `undefined` where it has none. */
export function tokenInUse({ tokens }: LeaseNote): NotedToken | undefined {
  return tokens.find(({ revokeAt }) => revokeAt === undefined) ?? tokens.at(-1);
}

/** Characters of an id that people are shown, and may say. */
export const shownLength = 8;

/**
 * The token whose id begins with `text`.
 *
 * @throws {FobError} `usage` where there is none, or more than one.
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
