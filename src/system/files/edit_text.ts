/**
 * Edits of a user's file, under a lock that the caller holds. Loaded only for an edit: most commands read the
 * profile file and change nothing.
 */
import { FobError } from "../../errors.ts";
import { rehearseReplace, replaceFile } from "./atomic_file.ts";
import { readText } from "./read_text.ts";
import { makeDirectory, readIfExists, replaceText, reporting, targetOf } from "./text_file.ts";

/** Bytes that one change may add. */
const growth = 4096;
/** How often an edit is retried if other programs keep changing the file. */
const mostTries = 8;

/** Replaces the text of the file at `path` with the result of `edit`, and keeps the old text as `.bak`. */
export async function changeText(path: string, edit: (text: string) => string): Promise<void> {
  await rewrite(path, edit, keepBackup);
}

/** Edits the file at `path` and its `.bak` file, without a new backup. */
export async function scrubText(path: string, edit: (text: string) => string): Promise<void> {
  for (const place of [await backupOf(path), path]) await rewrite(place, edit, async () => {});
}

/** Throws the errors that an edit of the file at `path` would throw, as far as they can be known in advance. */
export async function rehearseChange(path: string): Promise<void> {
  const { length } = readText(path);
  await reporting(path, async () => {
    const target = await targetOf(path);
    await makeDirectory(target);
    await rehearseReplace(target, length + growth);
  });
}

async function backupOf(path: string): Promise<string> {
  return `${await targetOf(path)}.bak`;
}

/** Writes the backup; but not of an empty text, which an interrupted writer may have left. */
async function keepBackup(path: string, text: string): Promise<void> {
  if (text !== "") await replaceFile(await backupOf(path), text);
}

/** Edits the file at `path`. Calls `prepare` before each attempt to replace its text. */
async function rewrite(
  path: string,
  edit: (text: string) => string,
  prepare: (path: string, text: string) => Promise<void>,
): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++) {
    const there = await readIfExists(path);
    const before = there ?? "";
    const after = edit(before);
    if (after === before) return;
    const isReplaced = await reporting(path, async () => {
      await prepare(path, before);
      return await replaceText(path, there, after);
    });
    if (isReplaced) return;
  }
  throw new FobError("declined", `"${path}" is being changed by another program`);
}
