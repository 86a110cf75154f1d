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

/** The text file of a person's profiles: read as it is, and edited under a lock, no more than necessary. */
export interface UserFile extends Pick<TextFile, "path" | "read"> {
  /**
   * Replaces the text by what `edit` makes of it, whole or not at all, while no other fob does; the text
   * before is kept beside it as `.bak`, for its owner alone. Writes nothing where `edit` changes nothing.
   *
   * Other programs may write the file too, without a lock. What one of them has written meanwhile is
   * kept: `edit` is asked again, for the new text. `declined` where they do not leave off.
   */
  change(edit: (text: string) => string): Promise<void>;
  /** As `change`, but what `edit` takes out is left nowhere: it is taken out of the `.bak` as well. */
  scrub(edit: (text: string) => string): Promise<void>;
  /** Throws what a `change` would throw, as far as that can be known without one. */
  assertWritable(): Promise<void>;
}

/** Bytes that one change may add. */
const growth = 4096;
/** How often an edit is made before other programs are too busy with the file. */
const mostTries = 8;

/**
 * The file at `path`. A link is followed, so that a file that lives elsewhere is changed there. The backup is
 * beside what it leads to: Databricks' own tool defines `.databrickscfg.bak`.
 *
 * `read` and `change` throw as {@link TextFile} says.
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

/** Keeps `text`; but not an empty one, which an interrupted writer may have left. */
async function keepBackup(path: string, text: string): Promise<void> {
  if (text !== "") await replaceFile(await backupOf(path), text);
}

/** Edits the file at `path`, and calls `prepare` before each attempt to replace its text. */
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
