import { FobError } from "../errors.ts";
import { cleanupLimit, clockTolerance } from "../limits.ts";
import type { TokenIssuer } from "../providers/token_issuer.ts";
import type { Secret } from "../secret.ts";
import type { FoundRecord, RunRecords } from "../system/files/run_records.ts";
import { decodeNote, type LeaseNote } from "./journal.ts";
import { retryUntil, type RetryUntilNeeds } from "./retry_until.ts";

/** The owner of the tokens to revoke, and the token that revokes them. */
export interface Sweeper {
  readonly issuer: TokenIssuer;
  readonly by: Secret;
  /** The owner of `by`. The server lists only the tokens of this owner. */
  readonly owner: string;
  /** The profile of `by`, and the ID of its stored token, which is never revoked. */
  readonly profile: string;
  readonly keep?: string;
}

/** What {@link sweepLeases} needs. */
export interface SweepNeeds extends RetryUntilNeeds {
  readonly records: RunRecords;
}

/** The result of a sweep. */
export interface Sweep {
  /** The IDs of the revoked tokens. */
  readonly ended: readonly string[];
  /** The runs with tokens that could not be revoked, and the reason. */
  readonly left: readonly { readonly record: string; readonly why: FobError }[];
}

/**
 * Revokes the tokens of killed runs: tokens with the comment that the run noted before its first request, and
 * tokens with a noted ID. A running run is skipped. The note of a run is deleted without a request if all its
 * tokens have expired.
 */
export async function sweepLeases(sweeper: Sweeper | undefined, needs: SweepNeeds): Promise<Sweep> {
  const ended: string[] = [];
  const left: Sweep["left"][number][] = [];
  for (const found of await needs.records.look()) {
    if (!isFor(found, sweeper, needs)) continue;
    try {
      ended.push(...await sweepOne(found.id, sweeper, needs));
    } catch (why) {
      if (!(why instanceof FobError)) throw why;
      left.push({ record: found.id, why });
    }
  }
  return { ended, left };
}

function isFor(found: FoundRecord, sweeper: Sweeper | undefined, { clock }: SweepNeeds): boolean {
  const note = decodeNote(found.text);
  if (note === undefined) return false;
  return isOver(note, clock.now()) || sweeper !== undefined && isOwn(note, sweeper);
}

function isOver({ lastEnd, tokens }: LeaseNote, now: number): boolean {
  return Math.max(lastEnd, ...tokens.map((it) => it.expiresAt)) + clockTolerance < now;
}

/**
 * Whether the sweeper may revoke the run's tokens. A profile may store the token of a sign-in, so only a
 * sweeper of that profile may revoke it.
 */
function isOwn({ purpose, profile, host, owner }: LeaseNote, sweeper: Sweeper): boolean {
  if (purpose === "login" && profile !== sweeper.profile) return false;
  return host === sweeper.issuer.host &&
    (owner === undefined || owner === sweeper.owner);
}

/**
 * Reads the note again after taking it over, because its run may still exist or another run may have swept it.
 */
async function sweepOne(
  id: string,
  sweeper: Sweeper | undefined,
  needs: SweepNeeds,
): Promise<string[]> {
  using record = await needs.records.adopt(id);
  const note = decodeNote(await record?.read() ?? "");
  if (record === undefined || note === undefined) return [];
  const isDone = isOver(note, needs.clock.now());
  const ended = isDone || sweeper === undefined ? [] : await endTokensOf(note, sweeper, needs);
  if (isDone || sweeper !== undefined) await record.remove();
  return ended;
}

async function endTokensOf(
  { comment, tokens }: LeaseNote,
  { issuer, by, keep }: Sweeper,
  needs: SweepNeeds,
): Promise<string[]> {
  const deadline = needs.clock.now() + cleanupLimit;
  const noted = tokens.map(({ id }) => id);
  const alive = await retryUntil(() => issuer.list(by), deadline, needs);
  const orphans = alive
    .filter((token) => token.comment === comment || noted.includes(token.id))
    .filter(({ id }) => id !== keep);
  for (const { id } of orphans) {
    await retryUntil(() => issuer.revoke(by, id), deadline, needs);
  }
  return orphans.map(({ id }) => id);
}
