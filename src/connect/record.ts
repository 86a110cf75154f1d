import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import type { Notes } from "../system/files/notes.ts";
import { digestOf } from "../text/digest.ts";
import type { Setting } from "./edits.ts";

/** What fob has changed for a tool, so that it can be taken back. Never a secret. */
export interface ConnectRecord {
  readonly version: 1;
  readonly files: readonly TouchedFile[];
  readonly steps: readonly RecordedStep[];
}

/** The digests of a file before its first change and after its last, each absent where there is no file. */
export interface TouchedFile {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  /** Whether nobody else has changed it since the first change, but fob. */
  readonly isWhole: boolean;
}

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

/**
 * The record for `tool`; an empty one where there is none.
 *
 * @throws {FobError} `config_invalid` for what no fob of this age has written.
 */
export async function readRecord(tool: string, notes: Notes): Promise<ConnectRecord> {
  const text = await notes.read(nameOf(tool));
  if (text === undefined) return { version: 1, files: [], steps: [] };
  const record = parse(text);
  if (record?.version === 1) return record;
  throw new FobError("config_invalid", `What fob has noted of its changes for ${tool} is broken`);
}

/** Nobody else writes it, and it is replaced whole. */
function parse(text: string): ConnectRecord | undefined {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Notes `record` for `tool`, in place of what was noted before; nothing where it is empty. */
export async function writeRecord(
  tool: string,
  record: ConnectRecord,
  notes: Notes,
): Promise<void> {
  const isEmpty = record.files.length === 0 && record.steps.length === 0;
  if (isEmpty) await notes.remove(nameOf(tool));
  else await notes.write(nameOf(tool), `${JSON.stringify(record)}\n`);
}

/** `record` with `steps`; a step that is there already is the newer one now. */
export function noteSteps(record: ConnectRecord, steps: readonly RecordedStep[]): ConnectRecord {
  const older = (step: RecordedStep): RecordedStep | undefined =>
    record.steps.find((old) => isAbout(step, old));
  const kept = record.steps.filter((old) => !steps.some((step) => isAbout(step, old)));
  return { ...record, steps: [...kept, ...steps.map((step) => withDepth(step, older(step)))] };
}

/** What was there before the first change counts. */
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

/** `record` with the file at `path`, which changes from one text to another; `undefined` is no file. */
export async function noteFile(
  record: ConnectRecord,
  path: string,
  from: string | undefined,
  to: string | undefined,
): Promise<ConnectRecord> {
  const [before, after] = [await digestIfThere(from), await digestIfThere(to)];
  const old = record.files.find((it) => it.path === path);
  const noted: TouchedFile = {
    path,
    ...digestField("before", old === undefined ? before : old.before),
    ...digestField("after", after),
    // A change that was noted and then cut off has not been made.
    isWhole: old === undefined || before === old.before || (old.isWhole && old.after === before),
  };
  return { ...record, files: [...record.files.filter((it) => it.path !== path), noted] };
}

function digestField<K extends string>(
  name: K,
  digest: string | undefined,
): Partial<Record<K, string>> {
  return digest === undefined ? {} : { [name]: digest } as Record<K, string>;
}

/** The digest of a text; `undefined` where there is none. */
export async function digestIfThere(text: string | undefined): Promise<string | undefined> {
  return text === undefined ? undefined : await digestOf(new Secret(text));
}

function nameOf(tool: string): string {
  return `connect:${tool}`;
}
