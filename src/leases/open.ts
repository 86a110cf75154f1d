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

/** What a run that makes tokens needs. */
export interface MintNeeds extends RetryUntilNeeds {
  readonly issuer: TokenIssuer;
  readonly records: RunRecords;
  readonly notes: Notes;
  readonly notice: (text: string) => void;
}

/** What is to be leased. */
export interface LeaseRequest {
  readonly profile: string;
  readonly provider: string;
  /** Whose the root is. */
  readonly owner: string;
  /** The id of the root, where fob made it. */
  readonly keep?: string;
  /** Milliseconds that each token shall live. */
  readonly lifetime: number;
}

/** The tools of one run: its journal, and what makes tokens that are in it. */
export interface MintRun {
  readonly journal: LeaseJournal;
  readonly minter: Minter;
}

/**
 * A lease with its first token. What runs that were killed have left of the same owner is ended before.
 *
 * @throws {FobError} as {@link Lease.current}; then nothing is left.
 */
export async function openLease(
  wish: LeaseRequest,
  root: (held: Secret | undefined) => Promise<Secret>,
  needs: MintNeeds,
): Promise<Lease> {
  const { profile, provider, owner, keep, lifetime } = wish;
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

/** What is left of earlier runs is no reason not to begin one. */
export async function sweepBefore(sweeper: Sweeper, needs: MintNeeds): Promise<void> {
  const { left } = await sweepLeases(sweeper, needs);
  for (const { record, why } of left) {
    needs.notice(`Could not revoke the tokens of an earlier run (${record}): ${why.message}`);
  }
}

/** Begins the journal of a run. Throws `io_failed` where nothing can be noted. */
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

/** What tells the tokens of this machine from those of others, in their comments. */
async function installId(notes: Notes): Promise<string> {
  const kept = await notes.read("install-id").catch(() => undefined);
  if (kept !== undefined && /^[\da-f]{8}$/.test(kept)) return kept;
  const made = randomHex(4);
  // Runs that begin at once may have several; each notes its own.
  await notes.write("install-id", made).catch(() => {});
  return made;
}

function randomHex(bytes: number): string {
  return crypto.getRandomValues(new Uint8Array(bytes)).toHex();
}
