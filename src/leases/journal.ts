import { FobError } from "../errors.ts";
import type { RunRecord } from "../system/files/run_records.ts";

/*
 * A run notes the tokens that it creates, so that the next run can revoke them if this one is killed: their
 * common comment before the first request, and the ID of each token before it is handed out. `fob lease list`
 * shows the same file. It contains no token.
 */

/** A token that may be valid. Times are milliseconds since the epoch. */
export interface NotedToken {
  readonly id: string;
  readonly expiresAt: number;
  /** When to revoke it; absent for the token in use. */
  readonly revokeAt?: number;
}

/** The note of a run. */
export interface LeaseNote {
  /** What the tokens are for: a lease, or a sign-in that creates fob's own token. */
  readonly purpose: "lease" | "login";
  readonly profile: string;
  readonly host: string;
  /** The owner of the tokens. */
  readonly owner?: string;
  /** The comment of every token of this run, and of no other token. */
  readonly comment: string;
  readonly startedAt: number;
  /** When the last token that may have been created expires, also without a response. */
  readonly lastEnd: number;
  readonly tokens: readonly NotedToken[];
  readonly renewedAt?: number;
  readonly nextRenewal?: number;
  /** The number of failed renewals in a row, and the last message. */
  readonly failures: number;
  readonly failure?: string;
}

const version = 1;

/** One line of JSON. */
function encodeNote({ tokens, startedAt, lastEnd, ...note }: LeaseNote): string {
  const { renewedAt, nextRenewal, ...rest } = note;
  const fields = {
    v: version,
    ...rest,
    started_at: time(startedAt),
    last_end: time(lastEnd),
    renewed_at: renewedAt === undefined ? undefined : time(renewedAt),
    next_renewal: nextRenewal === undefined ? undefined : time(nextRenewal),
    tokens: tokens.map(({ id, expiresAt, revokeAt }) => ({
      id,
      expires_at: time(expiresAt),
      revoke_at: revokeAt === undefined ? undefined : time(revokeAt),
    })),
  };
  return `${JSON.stringify(fields)}\n`;
}

/** The note in `text`; `undefined` for a text that this version of fob did not write. */
export function decodeNote(text: string): LeaseNote | undefined {
  try {
    const { v, started_at, last_end, renewed_at, next_renewal, tokens, ...rest } = JSON.parse(text);
    if (v !== version || rest.comment === "") return undefined;
    const texts = [rest.comment, rest.profile, rest.host, rest.owner ?? "", rest.failure ?? ""];
    if (texts.some((it) => typeof it !== "string")) return undefined;
    const note = {
      ...rest,
      startedAt: Date.parse(started_at),
      lastEnd: Date.parse(last_end),
      ...(renewed_at === undefined ? {} : { renewedAt: Date.parse(renewed_at) }),
      ...(next_renewal === undefined ? {} : { nextRenewal: Date.parse(next_renewal) }),
      tokens: tokens.map(decodeToken),
    };
    const times = [note.startedAt, note.lastEnd, note.renewedAt ?? 0, note.nextRenewal ?? 0];
    const ends = note.tokens.map((it: NotedToken) => it.expiresAt + (it.revokeAt ?? 0));
    const isSound = [...times, ...ends, note.failures].every(Number.isFinite);
    return isSound ? note : undefined;
  } catch {
    return undefined;
  }
}

function decodeToken(
  { id, expires_at, revoke_at }: { id: string; expires_at: string; revoke_at?: string },
): NotedToken {
  if (typeof id !== "string") throw new TypeError("The id is not a string");
  const revoke = revoke_at === undefined ? {} : { revokeAt: Date.parse(revoke_at) };
  return { id, expiresAt: Date.parse(expires_at), ...revoke };
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The note of this run. Each change is written before it takes effect. Changes are serialized. */
export class LeaseJournal {
  readonly #record: RunRecord;
  #note: LeaseNote;
  #lastChange: Promise<void> = Promise.resolve();

  constructor(note: LeaseNote, record: RunRecord) {
    this.#note = note;
    this.#record = record;
  }

  get note(): LeaseNote {
    return this.#note;
  }

  /** @throws {FobError} `io_failed`; then the note is unchanged. */
  change(edit: (note: LeaseNote) => LeaseNote): Promise<void> {
    const change = this.#lastChange.then(async () => {
      const note = edit(this.#note);
      await this.#record.write(encodeNote(note)).catch(rethrow);
      this.#note = note;
    });
    this.#lastChange = change.catch(() => {});
    return change;
  }

  async add(token: NotedToken): Promise<void> {
    await this.change((note) => ({ ...note, tokens: [...note.tokens, token] }));
  }

  async drop(id: string): Promise<void> {
    await this.change((note) => ({
      ...note,
      tokens: note.tokens.filter((token) => token.id !== id),
    }));
  }

  /** Deletes the note: no token is left to revoke. */
  async close(): Promise<void> {
    await this.#record.remove();
  }

  /** Leaves the note to the next run. */
  leave(): void {
    this.#record[Symbol.dispose]();
  }
}

function rethrow(cause: unknown): never {
  if (cause instanceof FobError) throw cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new FobError("io_failed", `Cannot write the lease journal: ${why}`, { cause });
}
