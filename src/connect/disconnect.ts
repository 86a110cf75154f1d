import { FobError } from "../errors.ts";
import type { SettingsFile } from "../system/files/settings_file.ts";
import type { Json } from "../text/formats/settings_format.ts";
import { connectLock, connectLockLimit, type ConnectNeeds, runOrThrow } from "./connect.ts";
import { takeBackEdits } from "./edits.ts";
import {
  type ConnectRecord,
  digestIfThere,
  isOwnFile,
  isOwnLink,
  readRecord,
  type RecordedStep,
  type TouchedFile,
  writeRecord,
} from "./record.ts";
import type { Tool } from "./tool.ts";

/** What became of something that fob had changed. */
export interface TakenBack {
  readonly path: string;
  /**
   * `restored`: it is as it was, byte for byte; `removed`: fob had made it; `edited`: others have changed it
   * too, and just what fob had set is gone; `left`: others have changed just that, and it stays.
   */
  readonly outcome: "restored" | "removed" | "edited" | "left";
}

/** A file, what it holds and what it held. */
interface Found extends TouchedFile {
  readonly file: SettingsFile;
  readonly text: string | undefined;
  readonly backup: string | undefined;
  /** What it is to hold, where that is known to be as it was. */
  readonly whole: { readonly text: string | undefined } | undefined;
}

/**
 * Takes back everything that was changed for `tool`, the last first.
 *
 * @throws {FobError} `declined` where nothing was, or where the tool's own command fails, and it can be done
 * again then; `config_invalid` for a file that cannot be read any more,
 * and nothing has been changed then.
 */
export async function disconnect(
  { tool, takeBack = (): [] => [] }: Pick<Tool, "tool" | "takeBack">,
  needs: ConnectNeeds,
): Promise<TakenBack[]> {
  using _lock = await needs.locks.take(connectLock, connectLockLimit);
  const record = await readRecord(tool, needs.notes);
  if (record.files.length === 0 && record.steps.length === 0) {
    throw new FobError("declined", `There is nothing to undo: fob has not connected ${tool}`);
  }
  const found = await Promise.all(record.files.map((it) => look(it, needs)));
  const texts = found.map((it) => it.whole ?? { text: withoutSettings(it, record, needs) });
  return await needs.uninterrupted(async () => {
    const outcomes: TakenBack[] = [];
    for (const [i, it] of found.entries()) {
      const after = texts[i]?.text;
      if (after !== it.text) await it.file.replace(it.text, after);
    }
    await takeBackCommands(takeBack, record, found, needs);
    for (const it of found) {
      outcomes.push({ path: it.path, outcome: outcomeOf(it, await it.file.read()) });
      await it.file.removeBackup();
    }
    for (const step of record.steps.toReversed()) {
      outcomes.push(...await takeBackOwn(step, record, needs));
    }
    await writeRecord(tool, { version: 1, files: [], steps: [] }, needs.notes);
    return outcomes;
  });
}

async function look(touched: TouchedFile, { tools }: ConnectNeeds): Promise<Found> {
  const file = tools.settingsFile(touched.path);
  const [text, backup] = [await file.read(), await file.readBackup()];
  const { before, after, isWhole } = touched;
  const digest = await digestIfThere(text);
  const isBackupWhole = await digestIfThere(backup) === before;
  const whole = digest === before
    ? { text }
    : isWhole && digest === after && isBackupWhole
    ? { text: backup }
    : undefined;
  return { ...touched, file, text, backup, whole };
}

/** What the file holds without what fob has set; the tool's own commands do the rest. */
function withoutSettings(
  { path, text, backup = "" }: Found,
  { steps }: ConnectRecord,
  { formats }: ConnectNeeds,
): string | undefined {
  if (text === undefined) return undefined;
  const own = steps.filter((step) => step.kind === "settings" && step.path === path);
  return own.reduceRight((after, step) => {
    const format = step.kind === "settings" ? formats[step.format] : undefined;
    if (step.kind !== "settings" || format === undefined) return after;
    const { key, depth, value } = step.setting;
    return takeBackEdits(after, [{ key, depth, value: value as Json }], backup, path, format);
  }, text);
}

/** Only where a file is there, and not as it was already. That a value is there no more is no error. */
async function takeBackCommands(
  takeBack: NonNullable<Tool["takeBack"]>,
  { steps }: ConnectRecord,
  found: readonly Found[],
  { tools }: ConnectNeeds,
): Promise<void> {
  const mixed = found.filter(({ whole, text }) => whole === undefined && text !== undefined)
    .map(({ path }) => path);
  for (const step of steps.toReversed()) {
    if (step.kind !== "command" || !step.files.some((path) => mixed.includes(path))) continue;
    const seen = await runOrThrow(step.program, step.look, tools);
    for (const words of takeBack(step.note, seen)) await runOrThrow(step.program, words, tools);
  }
}

function outcomeOf({ text, whole }: Found, now: string | undefined): TakenBack["outcome"] {
  if (whole !== undefined) return whole.text === undefined ? "removed" : "restored";
  return now === text ? "left" : "edited";
}

/** Takes away what fob has made, unless it has become something else. */
async function takeBackOwn(
  step: RecordedStep,
  record: ConnectRecord,
  { tools }: ConnectNeeds,
): Promise<TakenBack[]> {
  if (step.kind !== "file" && step.kind !== "link") return [];
  const { path } = step;
  const isOurs = step.kind === "link"
    ? await tools.leadsTo(path) === "fob" ||
      isOwnLink(record, path, await tools.linkTarget(path))
    : isOwnFile(record, path, await digestIfThere(await tools.settingsFile(path).read()));
  if (isOurs) await tools.remove(path);
  return [{ path, outcome: isOurs ? "removed" : "left" }];
}
