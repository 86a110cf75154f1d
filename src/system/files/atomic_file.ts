import { abandonedAfter } from "../../limits.ts";
import { directoryOf, join, nameOf } from "./paths.ts";
import { rename } from "./rename.ts";
import { writeAll } from "./write_all.ts";

/** What the names of files begin with that are not yet what `path` will be. */
function temporaryPrefix(path: string): string {
  return `.${nameOf(path)}.fob-`;
}

/**
 * Puts `text` in place of the file at `path`, whole or not at all, also when the machine stops in the
 * middle: a temporary file beside it, `fsync`, `rename`, `fsync` of the directory. The file has `mode`
 * from the moment it has its name, and is never wider than 0600 before. On Windows a mode means nothing
 * but that a file may be written; who may read it, the access list of its directory says.
 *
 * Throws the `Deno.errors` of the step that failed; the old file is then as it was.
 */
export async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  await replaceFileIf(path, text, mode, () => Promise.resolve(true));
}

/**
 * As {@link replaceFile}, if `isCurrent` says so once all but the renaming is done: for files that others
 * write without a lock. Otherwise `false`, and nothing has changed.
 */
export async function replaceFileIf(
  path: string,
  text: string,
  mode: number,
  isCurrent: () => Promise<boolean>,
): Promise<boolean> {
  const directory = directoryOf(path);
  await sweepTemporary(path, abandonedAfter).catch(() => {});
  const temporary = await Deno.makeTempFile({ dir: directory, prefix: temporaryPrefix(path) });
  let isReplaced = false;
  try {
    await writeDurably(temporary, text, mode);
    isReplaced = await isCurrent();
    if (isReplaced) await rename(temporary, path);
    else await Deno.remove(temporary);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  }
  if (isReplaced) await syncDirectory(directory);
  return isReplaced;
}

/**
 * Does all of {@link replaceFile} but the renaming, with `size` bytes: what would fail, fails now.
 */
export async function rehearseReplace(path: string, size: number): Promise<void> {
  await sweepTemporary(path, abandonedAfter).catch(() => {});
  const temporary = await Deno.makeTempFile({
    dir: directoryOf(path),
    prefix: temporaryPrefix(path),
  });
  try {
    await writeDurably(temporary, " ".repeat(size), 0o600);
  } finally {
    await Deno.remove(temporary);
  }
}

/**
 * Removes what killed writers of `path` left beside it, if it is at least `age` milliseconds old. At no age
 * at all only for who holds the lock that every writer of it takes.
 */
export async function sweepTemporary(path: string, age = 0): Promise<void> {
  const directory = directoryOf(path);
  for await (const { name } of Deno.readDir(directory)) {
    if (!name.startsWith(temporaryPrefix(path))) continue;
    const temporary = join(directory, name);
    if (age === 0 || await ageOf(temporary) >= age) await Deno.remove(temporary);
  }
}

/** Milliseconds since the file was written. */
async function ageOf(path: string): Promise<number> {
  const { mtime } = await Deno.lstat(path);
  return Date.now() - (mtime?.getTime() ?? Infinity);
}

async function writeDurably(path: string, text: string, mode: number): Promise<void> {
  using file = await Deno.open(path, { write: true, truncate: true });
  await writeAll(file, text);
  if (mode !== 0o600) await Deno.chmod(path, mode);
  await file.sync();
}

/** Makes a rename in `directory` survive a power cut. Windows and some file systems refuse; the rename stands all the same. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    // Not by `using`, as in `isLocked` of `run_records.ts`.
    const handle = await Deno.open(directory);
    await handle.sync().finally(() => handle.close());
  } catch {
    // What can be done for durability has been done.
  }
}
