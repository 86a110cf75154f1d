import { FobError } from "../../errors.ts";
import { fileLockLimit } from "../../limits.ts";
import { rehearseReplace, replaceFile } from "./atomic_file.ts";
import type { Locks } from "./locks.ts";
import {
  makeDirectory,
  readIfThere,
  readText,
  replaceText,
  reporting,
  targetOf,
  type TextFile,
} from "./text_file.ts";

/** The user's profile file. Edits are made under a lock and change no more than necessary. */
export interface UserFile extends Pick<TextFile, "path" | "read"> {
  /**
   * Replaces the text with the result of `edit`, atomically and under a lock. The old text is kept as `.bak`
   * with mode 0600. Writes nothing if `edit` changes nothing.
   *
   * If another program changes the file meanwhile, without the lock, its change is kept and `edit` is called
   * again with the new text. Throws `declined` if that happens too often.
   */
  change(edit: (text: string) => string): Promise<void>;
  /** Like `change`, but also edits the `.bak` file, so that no copy of removed text remains. */
  scrub(edit: (text: string) => string): Promise<void>;
  /** Throws what `change` would throw, as far as it can be known without a change. */
  assertWritable(): Promise<void>;
}

/** Bytes that one change may add. */
const growth = 4096;
/** How often an edit is retried if other programs keep changing the file. */
const mostTries = 8;

/**
 * The file at `path`. A link is followed and its target changed. The backup is beside the target, as
 * `.databrickscfg.bak` is with Databricks' own tool.
 *
 * `read` and `change` throw as {@link TextFile} does.
 */
export function userFile(path: string, locks: Locks): UserFile {
  return {
    path,
    read: () => Promise.try(readText, path),
    change: async (edit) => {
      using _lock = await locks.take("profiles", fileLockLimit);
      await rewrite(path, edit, keepBackup);
    },
    scrub: async (edit) => {
      using _lock = await locks.take("profiles", fileLockLimit);
      for (const place of [await backupOf(path), path]) await rewrite(place, edit, async () => {});
    },
    assertWritable: async () => {
      using _lock = await locks.take("profiles", fileLockLimit);
      const { length } = readText(path);
      await reporting(path, async () => {
        const target = await targetOf(path);
        await makeDirectory(target);
        await rehearseReplace(target, length + growth);
      });
    },
  };
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
    const there = await readIfThere(path);
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
