import { Ledger } from "../ledger/ledger.ts";
import type { Notes } from "../system/files/notes.ts";
import type { Setting } from "./edits.ts";

/** What fob has changed for a tool, so that it can be taken back. Never a secret. */
export type ConnectRecord = Ledger<RecordedStep>;

export type RecordedStep =
  | {
    readonly kind: "settings";
    readonly path: string;
    readonly format: string;
    readonly setting: Setting;
  }
  | {
    readonly kind: "command";
    readonly program: string;
    readonly files: readonly string[];
    readonly look: readonly string[];
    readonly note: readonly string[];
  }
  | {
    readonly kind: "file";
    readonly path: string;
    readonly digest: string;
    /** The digest of an older one of fob's, in the place of which this one was put. */
    readonly older?: string;
  }
  | {
    readonly kind: "link";
    readonly path: string;
    /** What it was made to lead to, where fob may not be any more. */
    readonly target: string;
  };

/** The record for `tool`. Throws as {@link Ledger.open}. */
export async function readRecord(tool: string, notes: Notes): Promise<ConnectRecord> {
  return await Ledger.open("connect", tool, notes);
}

/** Adds `steps`, not yet saved; a step on the same subject is replaced. */
export function noteSteps(record: ConnectRecord, steps: readonly RecordedStep[]): void {
  const older = (step: RecordedStep): RecordedStep | undefined =>
    record.steps.find((old) => isAbout(step, old));
  const kept = record.steps.filter((old) => !steps.some((step) => isAbout(step, old)));
  record.steps = [...kept, ...steps.map((step) => withDepth(step, older(step)))];
}

/** The depth before the first change counts. */
function withDepth(step: RecordedStep, older: RecordedStep | undefined): RecordedStep {
  if (step.kind !== "settings" || older?.kind !== "settings") return step;
  const depth = Math.min(step.setting.depth, older.setting.depth);
  return { ...step, setting: { ...step.setting, depth } };
}

/** Whether a file with that digest is one that fob has put at `path`. */
export function isOwnFile(
  { steps }: ConnectRecord,
  path: string,
  digest: string | undefined,
): boolean {
  return digest !== undefined &&
    steps.some((step) =>
      step.kind === "file" && step.path === path && [step.digest, step.older].includes(digest)
    );
}

/** Whether a link at `path` that leads to `target` is one that fob has made. */
export function isOwnLink(
  { steps }: ConnectRecord,
  path: string,
  target: string | undefined,
): boolean {
  return target !== undefined &&
    steps.some((step) => step.kind === "link" && step.path === path && step.target === target);
}

function isAbout(one: RecordedStep, other: RecordedStep): boolean {
  const subject = (step: RecordedStep): unknown[] => {
    if (step.kind === "settings") return [step.kind, step.path, step.setting.key];
    return step.kind === "command" ? [step.kind, step.note] : [step.kind, step.path];
  };
  return JSON.stringify(subject(one)) === JSON.stringify(subject(other));
}
