import { FobError } from "../../errors.ts";
import { replaceFile, replaceFileIf, sweepTemporary } from "./atomic_file.ts";
import { directoryOf, isAbsolute, join } from "./paths.ts";
import { absent } from "./private_directory.ts";
import { readText, refused } from "./read_text.ts";

/**
 * A text file of the user or of another tool. A byte order mark and line endings are part of the text. Every
 * method may throw a `FobError`: `config_invalid` if it is not a text file, `io_failed` for an error of the
 * system.
 */
export interface TextFile {
  readonly path: string;
  /** The text; empty if there is no file. */
  read(): Promise<string>;
  /** The text; `undefined` if there is no file. */
  readIfExists(): Promise<string | undefined>;
  /**
   * Replaces the text `before` with `after`, atomically; `undefined` means no file. A link is followed. The mode
   * is kept, or with `private` limited to the owner; a new file is private.
   *
   * @throws {FobError} `declined` if the text is no longer `before`.
   */
  replace(
    before: string | undefined,
    after: string | undefined,
    access?: FileAccess,
  ): Promise<void>;
  /**
   * Writes `text` with mode 0600, without a check of the old text; a link is replaced. The caller must hold the
   * lock that every writer of the file takes.
   */
  overwrite(text: string): Promise<void>;
  /** Removes the file, if there is one, and temporary files of killed writers. The caller must hold the lock. */
  remove(): Promise<void>;
  /** The file at this path plus `suffix`. Links are not followed for that. */
  beside(suffix: string): TextFile;
}

/** Who may read a file after a change. */
export type FileAccess = "kept" | "private";

/** The file at `path`. */
export function textFile(path: string): TextFile {
  return {
    path,
    read: () => Promise.try(readText, path),
    readIfExists: () => readIfExists(path),
    replace: (before, after, access) =>
      reporting(path, async () => {
        if (await replaceText(path, before, after, access)) return;
        throw new FobError("declined", `"${path}" is being changed by another program`);
      }),
    overwrite: (text) =>
      reporting(path, async () => {
        await sweepTemporary(path);
        await replaceFile(path, text);
      }),
    remove: () =>
      reporting(path, async () => {
        await Deno.remove(path).catch(absent);
        await sweepTemporary(path).catch(absent);
      }),
    beside: (suffix) => textFile(`${path}${suffix}`),
  };
}

/** Like {@link TextFile.readIfExists}. */
export async function readIfExists(path: string): Promise<string | undefined> {
  const found = await reporting(path, () => Deno.stat(path).catch(absent), "read");
  return found === undefined ? undefined : readText(path);
}

/** Like {@link TextFile.replace}, but returns `false` if the text is no longer `before`. */
export async function replaceText(
  path: string,
  before: string | undefined,
  after: string | undefined,
  access: FileAccess = "kept",
): Promise<boolean> {
  const target = await targetOf(path);
  const isCurrent = async (): Promise<boolean> => await readIfExists(path) === before;
  if (after === undefined) {
    const isStill = await isCurrent();
    if (isStill && before !== undefined) await Deno.remove(target);
    return isStill;
  }
  const mode = (await Deno.stat(target).catch(absent))?.mode ?? 0o600;
  await makeDirectory(target);
  return await replaceFileIf(target, after, mode & (access === "kept" ? 0o777 : 0o700), isCurrent);
}

/** Creates the directory of the file at `path`. */
export async function makeDirectory(path: string): Promise<void> {
  await Deno.mkdir(directoryOf(path), { recursive: true, mode: 0o700 });
}

/** `path` with links resolved, also if the target does not exist yet. */
export async function targetOf(path: string): Promise<string> {
  const entry = await Deno.lstat(path).catch(absent);
  if (!entry?.isSymlink) return path;
  const target = await Deno.readLink(path);
  return await targetOf(isAbsolute(target) ? target : join(directoryOf(path), target));
}

/** Calls `work` on the file at `path`; converts errors of the system to `io_failed`. */
export async function reporting<T>(
  path: string,
  work: () => Promise<T>,
  verb: "read" | "write" = "write",
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refused(error, `Cannot ${verb} "${path}"`);
  }
}
