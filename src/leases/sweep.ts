import { FobError } from "../errors.ts";
import { cleanupLimit, clockTolerance } from "../limits.ts";
import type { TokenIssuer } from "../providers/token_issuer.ts";
import type { Secret } from "../secret.ts";
import type { FoundRecord, RunRecords } from "../system/files/run_records.ts";
import { decodeNote, type LeaseNote } from "./journal.ts";
import { retryUntil, type RetryUntilNeeds } from "./retry_until.ts";

/** Whose tokens can be ended, and with what. */
export interface Sweeper {
  readonly issuer: TokenIssuer;
  readonly by: Secret;
  /** Who `by` belongs to: the server lists nobody else's. */
  readonly owner: string;
  /** The profile that it is for, and the id of the token that is kept for it, which is never ended. */
  readonly profile: string;
  readonly keep?: string;
}

/** What a sweep needs. */
export interface SweepNeeds extends RetryUntilNeeds {
  readonly records: RunRecords;
}

/** What a sweep did. */
export interface Sweep {
  /** The ids of the tokens that it ended. */
  readonly ended: readonly string[];
  /** The runs whose tokens could not be ended, and why. */
  readonly left: readonly { readonly record: string; readonly why: FobError }[];
}

/**
 * Ends the tokens of runs that were killed: those that have the very comment that such a run noted before
 * it asked for any, and those whose ids it noted. A run that is alive is let be, whatever its note says. A
 * note whose tokens are all over goes without anybody being asked.
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

/** What a login made may be what its profile keeps: only who knows that may end it. */
function isOwn({ purpose, profile, host, owner }: LeaseNote, sweeper: Sweeper): boolean {
  if (purpose === "login" && profile !== sweeper.profile) return false;
  return host === sweeper.issuer.host &&
    (owner === undefined || owner === sweeper.owner);
}

/** Reads the note again once it is this run's alone: its own may be alive, and another may have swept it. */
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
