import { FobError } from "../errors.ts";
import type { ForeignFile } from "../system/files/foreign_file.ts";
import type { Place } from "./source.ts";

/** A stretch of a text. */
export type Stretch = Pick<Place, "start" | "end">;

/** `text` without `stretches`. */
export function cut(text: string, stretches: readonly Stretch[]): string {
  const ordered = stretches.toSorted((a, b) => a.start - b.start);
  const starts = [0, ...ordered.map(({ end }) => end)];
  return starts.map((start, i) => text.slice(start, ordered[i]?.start)).join("");
}

/** Whether `text` is `original` without some of `stretches`, none or all of them included. */
export function isCutOf(
  text: string,
  original: string,
  stretches: readonly Stretch[],
): boolean {
  const ordered = stretches.toSorted((a, b) => a.start - b.start);
  const past = (offsets: readonly number[], piece: string): number[] =>
    offsets.filter((at) => text.startsWith(piece, at)).map((at) => at + piece.length);
  // Where in `text` one may be after a part of `original`, for every choice of what is cut.
  let offsets = [0];
  let done = 0;
  for (const { start, end } of ordered) {
    const before = past(offsets, original.slice(done, start));
    offsets = [...new Set([...before, ...past(before, original.slice(start, end))])];
    done = end;
  }
  return past(offsets, original.slice(done)).includes(text.length);
}

/**
 * Cuts `stretches` out of `file`, whose text is `text`, with a backup of how it was before the first cut.
 * `findPlaces` finds what may be cut in a text; `tidy` takes more of that away, where it has to go too.
 *
 * @throws {FobError} `declined` where somebody else changes the file, or has changed it since the backup.
 */
export async function scrub(
  file: ForeignFile,
  text: string,
  stretches: readonly Stretch[],
  findPlaces: (text: string) => readonly Stretch[],
  tidy: (text: string) => string = (text) => text,
): Promise<void> {
  if (await file.read() !== text) {
    throw new FobError("declined", `"${file.path}" is being changed by another program`);
  }
  const backup = await file.readBackup();
  if (backup === "") await file.writeBackup(text);
  else assertCut(file, text, backup, findPlaces);
  await file.write(tidy(cut(text, stretches)));
}

/**
 * What gives `file` back as it was before the first cut; `undefined` where there is no backup.
 *
 * @throws {FobError} `declined` where somebody else has changed the file since.
 */
export async function prepareRestore(
  file: ForeignFile,
  findPlaces: (text: string) => readonly Stretch[],
): Promise<(() => Promise<void>) | undefined> {
  const backup = await file.readBackup();
  if (backup === "") return undefined;
  const text = await file.read();
  assertCut(file, text, backup, findPlaces);
  return async () => {
    if (text !== backup) await file.write(backup);
    await file.removeBackup();
  };
}

function assertCut(
  file: ForeignFile,
  text: string,
  backup: string,
  findPlaces: (text: string) => readonly Stretch[],
): void {
  if (isCutOf(text, backup, findPlaces(backup))) return;
  throw new FobError(
    "declined",
    `"${file.path}" has been changed since fob removed secrets from it: ` +
      `it and its backup "${file.backupPath}" are left as they are`,
  );
}
