import { abandonedAfter } from "../../limits.ts";
import { directoryOf, join, nameOf } from "./paths.ts";
import { rename } from "./rename.ts";
import { writeAll } from "./write_all.ts";

/** The prefix of the names of temporary files for `path`. */
function temporaryPrefix(path: string): string {
  return `.${nameOf(path)}.fob-`;
}

/**
 * Replaces the file at `path` with `text` atomically, also if the machine crashes: temporary file in the same
 * directory, `fsync`, `rename`, `fsync` of the directory. The temporary file has mode 0600 until it gets `mode`
 * right before the rename. On Windows the mode only decides whether the file is read-only; the access list of
 * the directory decides who may read it.
 *
 * Throws the `Deno.errors` of the step that failed; the old file is then unchanged.
 */
export async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  await replaceFileIf(path, text, mode, () => Promise.resolve(true));
}

/**
 * Like {@link replaceFile}, but calls `isCurrent` right before the rename. If that is `false`, returns `false`
 * and changes nothing. For files that other programs write without a lock.
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
 * Does all steps of {@link replaceFile} except the rename, with `size` bytes, to find errors in advance.
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
 * Removes temporary files of killed writers of `path` that are at least `age` milliseconds old. With `age` 0 the
 * caller must hold the lock that every writer of `path` takes.
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

/** Makes a rename in `directory` durable. Errors are ignored: Windows and some file systems do not support it. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    // Not by `using`, as in `isLocked` of `run_records.ts`.
    const handle = await Deno.open(directory);
    await handle.sync().finally(() => handle.close());
  } catch {
    // Not supported here; the rename itself has succeeded.
  }
}
