import { present } from "../present.ts";
import type { TokenIssuer } from "../providers/token_issuer.ts";
import type { Secret } from "../secret.ts";
import type { Notes } from "../system/files/notes.ts";
import type { RunRecords } from "../system/files/run_records.ts";
import { LeaseJournal, type LeaseNote } from "./journal.ts";
import { Lease } from "./lease.ts";
import { Minter } from "./minter.ts";
import type { RetryUntilNeeds } from "./retry_until.ts";
import { type Sweeper, sweepLeases } from "./sweep.ts";

/** What {@link openRun} and {@link openLease} need. */
export interface MintNeeds extends RetryUntilNeeds {
  readonly issuer: TokenIssuer;
  readonly records: RunRecords;
  readonly notes: Notes;
  readonly notice: (text: string) => void;
}

/** The options of a lease. */
export interface LeaseRequest {
  readonly profile: string;
  readonly provider: string;
  /** The owner of the root. */
  readonly owner: string;
  /** The ID of the root, if fob created it. */
  readonly keep?: string;
  /** The lifetime of each token in milliseconds. */
  readonly lifetime: number;
}

/** The journal of one run, and its minter. */
export interface MintRun {
  readonly journal: LeaseJournal;
  readonly minter: Minter;
}

/**
 * Opens a lease with its first token. First revokes the tokens of the same owner that killed runs have left.
 *
 * @throws {FobError} as {@link Lease.current}; then no token is left.
 */
export async function openLease(
  request: LeaseRequest,
  root: (held: Secret | undefined) => Promise<Secret>,
  needs: MintNeeds,
): Promise<Lease> {
  const { profile, provider, owner, keep, lifetime } = request;
  const { issuer } = needs;
  const by = await root(undefined);
  await sweepBefore({ issuer, by, owner, profile, ...present({ keep }) }, needs);
  const run = await openRun({ purpose: "lease", profile, host: issuer.host, owner }, needs);
  const facts = { host: issuer.host, provider, tokenType: "Bearer" };
  const lease = new Lease(facts, lifetime, { ...needs, ...run, root });
  try {
    await lease.current();
    return lease;
  } catch (error) {
    await lease[Symbol.asyncDispose]();
    throw error;
  }
}

/** Revokes the tokens of earlier runs. A failure is a notice, so that the new run starts anyway. */
export async function sweepBefore(sweeper: Sweeper, needs: MintNeeds): Promise<void> {
  const { left } = await sweepLeases(sweeper, needs);
  for (const { record, why } of left) {
    needs.notice(`Could not revoke the tokens of an earlier run (${record}): ${why.message}`);
  }
}

/** Starts a run and writes its journal. Throws `io_failed` if the journal cannot be written. */
export async function openRun(
  what: Pick<LeaseNote, "purpose" | "profile" | "host" | "owner">,
  { issuer, records, notes, clock }: MintNeeds,
): Promise<MintRun> {
  const run = randomHex(8);
  const comment = `fob/${await installId(notes)}/${run}`;
  const now = clock.now();
  const record = await records.open(run);
  const note = { ...what, comment, startedAt: now, lastEnd: now, tokens: [], failures: 0 };
  const journal = new LeaseJournal(note, record);
  try {
    await journal.change((same) => same);
  } catch (error) {
    await record.remove().catch(() => {});
    throw error;
  }
  return { journal, minter: new Minter({ issuer, journal, clock }) };
}

/** The ID of this machine in the comments of its tokens. */
async function installId(notes: Notes): Promise<string> {
  const kept = await notes.read("install-id").catch(() => undefined);
  if (kept !== undefined && /^[\da-f]{8}$/.test(kept)) return kept;
  const made = randomHex(4);
  // Runs that start at the same time may create several IDs. Each run uses its own.
  await notes.write("install-id", made).catch(() => {});
  return made;
}

function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}
