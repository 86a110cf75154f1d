import { FobError } from "../errors.ts";
import { digestIfExists, type FoundFile, ledgerLock } from "../ledger/ledger.ts";
import { ledgerLockLimit } from "../limits.ts";
import type { Json } from "../text/formats/settings_format.ts";
import { type ConnectNeeds, runOrThrow } from "./connect.ts";
import { undoEdits } from "./edits.ts";
import {
  type ConnectRecord,
  isOwnFile,
  isOwnLink,
  readRecord,
  type RecordedStep,
} from "./record.ts";
import type { Tool } from "./tool.ts";

/** The result of one undone change. */
export interface UndoneChange {
  readonly path: string;
  /**
   * `restored`: the file is as before, byte for byte. `removed`: fob had created it. `edited`: another program
   * changed the file too, and only fob's settings were removed. `left`: another program changed fob's
   * settings, and they stay.
   */
  readonly outcome: "restored" | "removed" | "edited" | "left";
}

/**
 * Undoes all changes for `tool`, the last one first.
 *
 * @throws {FobError} `declined` if there are none, or if the tool's own command fails; it can be run again then.
 * `config_invalid` for a file that can no longer be read; nothing has been changed then.
 */
export async function disconnect(
  { tool, undoCommands = (): [] => [] }: Pick<Tool, "tool" | "undoCommands">,
  needs: ConnectNeeds,
): Promise<UndoneChange[]> {
  using _lock = await needs.locks.take(ledgerLock, ledgerLockLimit);
  const record = await readRecord(tool, needs.notes);
  if (record.isEmpty) {
    throw new FobError("declined", `Nothing to undo: ${tool} is not connected to fob`);
  }
  const looks = record.paths.map((path) => record.look(needs.tools.textFile(path)));
  const found = (await Promise.all(looks)).filter((it) => it !== undefined);
  const texts = found.map((it) => it.whole ?? { text: withoutSettings(it, record, needs) });
  return await needs.uninterrupted(async () => {
    const outcomes: UndoneChange[] = [];
    for (const [i, it] of found.entries()) {
      const after = texts[i]?.text;
      if (after !== it.text) await it.file.replace(it.text, after);
    }
    await runUndoCommands(undoCommands, record, found, needs);
    for (const it of found) {
      outcomes.push({ path: it.file.path, outcome: await outcomeOf(it) });
      await it.backup.remove();
      record.forget(it.file);
    }
    for (const step of record.steps.toReversed()) {
      outcomes.push(...await undoOwn(step, record, needs));
    }
    record.steps = [];
    await record.save();
    return outcomes;
  });
}

/** The text of the file without fob's settings. Changes by the tool's own commands are undone later. */
function withoutSettings(
  { file: { path }, text, original = "" }: FoundFile,
  { steps }: ConnectRecord,
  { formats }: ConnectNeeds,
): string | undefined {
  if (text === undefined) return undefined;
  const own = steps.filter((step) => step.kind === "settings" && step.path === path);
  return own.reduceRight((after, step) => {
    const format = step.kind === "settings" ? formats[step.format] : undefined;
    if (step.kind !== "settings" || format === undefined) return after;
    const { key, depth, value } = step.setting;
    return undoEdits(after, [{ key, depth, value: value as Json }], original, path, format);
  }, text);
}

/** Runs the undo commands of each step with a file that could not be restored as a whole. */
async function runUndoCommands(
  undoCommands: NonNullable<Tool["undoCommands"]>,
  { steps }: ConnectRecord,
  found: readonly FoundFile[],
  { tools }: ConnectNeeds,
): Promise<void> {
  const mixed = found.filter(({ whole, text }) => whole === undefined && text !== undefined)
    .map(({ file }) => file.path);
  for (const step of steps.toReversed()) {
    if (step.kind !== "command" || !step.files.some((path) => mixed.includes(path))) continue;
    const seen = await runOrThrow(step.program, step.look, tools);
    for (const words of undoCommands(step.note, seen)) await runOrThrow(step.program, words, tools);
  }
}

async function outcomeOf({ file, text, whole }: FoundFile): Promise<UndoneChange["outcome"]> {
  if (whole !== undefined) return whole.text === undefined ? "removed" : "restored";
  return await file.readIfExists() === text ? "left" : "edited";
}

/** Removes the file or link that fob created, unless it has changed since. */
async function undoOwn(
  step: RecordedStep,
  record: ConnectRecord,
  { tools }: ConnectNeeds,
): Promise<UndoneChange[]> {
  if (step.kind !== "file" && step.kind !== "link") return [];
  const { path } = step;
  const isOurs = step.kind === "link"
    ? await tools.leadsTo(path) === "fob" ||
      isOwnLink(record, path, await tools.linkTarget(path))
    : isOwnFile(record, path, await digestIfExists(await tools.textFile(path).readIfExists()));
  if (isOurs) await tools.remove(path);
  return [{ path, outcome: isOurs ? "removed" : "left" }];
}
