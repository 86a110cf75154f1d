import { Ledger } from "../ledger/ledger.ts";
import type { Notes } from "../system/files/notes.ts";
import type { Setting } from "./edits.ts";

/** The changes that fob has made for a tool, to undo them. Never a secret. */
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
    /** The digest of the older file by fob that this one replaced. */
    readonly older?: string;
  }
  | {
    readonly kind: "link";
    readonly path: string;
    /** The target of the link when it was created; fob may have moved since. */
    readonly target: string;
  };

/** The record for `tool`. Throws as {@link Ledger.open}. */
export async function readRecord(tool: string, notes: Notes): Promise<ConnectRecord> {
  return await Ledger.open("connect", tool, notes);
}

/** Adds `steps` without saving. An older step about the same subject is replaced. */
export function noteSteps(record: ConnectRecord, steps: readonly RecordedStep[]): void {
  const older = (step: RecordedStep): RecordedStep | undefined =>
    record.steps.find((old) => isAbout(step, old));
  const kept = record.steps.filter((old) => !steps.some((step) => isAbout(step, old)));
  record.steps = [...kept, ...steps.map((step) => withDepth(step, older(step)))];
}

/** Keeps the depth from before the first change. */
function withDepth(step: RecordedStep, older: RecordedStep | undefined): RecordedStep {
  if (step.kind !== "settings" || older?.kind !== "settings") return step;
  const depth = Math.min(step.setting.depth, older.setting.depth);
  return { ...step, setting: { ...step.setting, depth } };
}

/** Whether fob created a file with that digest at `path`. */
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

/** Whether fob created the link at `path` to `target`. */
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
