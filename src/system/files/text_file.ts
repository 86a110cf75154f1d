import { FobError } from "../../errors.ts";
import { replaceFile, replaceFileIf, sweepTemporary } from "./atomic_file.ts";
import { directoryOf, isAbsolute, join } from "./paths.ts";
import { absent } from "./private_directory.ts";

/**
 * A text file of a person or of another tool. A byte order mark and line endings are part of the text. Every
 * method may throw a `FobError`: `config_invalid` for what is not a text file, `io_failed` for what the system
 * refuses.
 */
export interface TextFile {
  readonly path: string;
  /** The text; empty if there is no file. */
  read(): Promise<string>;
  /** The text; `undefined` if there is no file. */
  readIfThere(): Promise<string | undefined>;
  /**
   * Replaces `before` with `after`, whole or not at all. `undefined` is no file. A link is followed. The mode is
   * kept, or with `private` narrowed to the owner; a new file is private.
   *
   * @throws {FobError} `declined` if another program has written something else there.
   */
  replace(
    before: string | undefined,
    after: string | undefined,
    access?: FileAccess,
  ): Promise<void>;
  /**
   * Writes `text` with mode 0600, whatever the file holds; a link is replaced. Only for the holder of the lock
   * that every writer of the file takes.
   */
  overwrite(text: string): Promise<void>;
  /** Removes the file, and what killed writers left beside it; no error if there is none. For the holder of the lock. */
  remove(): Promise<void>;
  /** The file beside this one with `suffix` after its name. Beside a link, not beside what it leads to. */
  beside(suffix: string): TextFile;
}

/** Who may read a file after a change. */
export type FileAccess = "kept" | "private";

/** Maximum size of a text file in bytes. */
const sizeLimit = 1024 * 1024;

/** The file at `path`. */
export function textFile(path: string): TextFile {
  return {
    path,
    read: () => Promise.try(readText, path),
    readIfThere: () => readIfThere(path),
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

/**
 * The text of the file at `path`; empty if there is none. Throws as {@link TextFile} says. Read at once: for a
 * small file that is ten times quicker than beside this thread.
 */
export function readText(path: string): string {
  try {
    const entry = Deno.statSync(path);
    if (!entry.isFile) throw invalid(path, "it is not a file");
    if (entry.size > sizeLimit) {
      throw invalid(path, `it is ${entry.size} bytes long (maximum: ${sizeLimit})`);
    }
    return decode(Deno.readFileSync(path), path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw refused(error, `Cannot read "${path}"`);
  }
}

function decode(bytes: Uint8Array, path: string): string {
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw invalid(path, `it has a NUL byte at offset ${nul}`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid(path, "it is not UTF-8 text");
  }
}

/** As {@link TextFile.readIfThere}. */
export async function readIfThere(path: string): Promise<string | undefined> {
  const found = await reporting(path, () => Deno.stat(path).catch(absent), "read");
  return found === undefined ? undefined : readText(path);
}

/** As {@link TextFile.replace}, but `false` if another program has written something else there. */
export async function replaceText(
  path: string,
  before: string | undefined,
  after: string | undefined,
  access: FileAccess = "kept",
): Promise<boolean> {
  const target = await targetOf(path);
  const isCurrent = async (): Promise<boolean> => await readIfThere(path) === before;
  if (after === undefined) {
    const isStill = await isCurrent();
    if (isStill && before !== undefined) await Deno.remove(target);
    return isStill;
  }
  const mode = (await Deno.stat(target).catch(absent))?.mode ?? 0o600;
  await makeDirectory(target);
  return await replaceFileIf(target, after, mode & (access === "kept" ? 0o777 : 0o700), isCurrent);
}

/** Makes the directory of the file at `path`. */
export async function makeDirectory(path: string): Promise<void> {
  await Deno.mkdir(directoryOf(path), { recursive: true, mode: 0o700 });
}

/** The file that `path` leads to, also if that does not exist yet. */
export async function targetOf(path: string): Promise<string> {
  const entry = await Deno.lstat(path).catch(absent);
  if (!entry?.isSymlink) return path;
  const target = await Deno.readLink(path);
  return await targetOf(isAbsolute(target) ? target : join(directoryOf(path), target));
}

function invalid(path: string, why: string): FobError {
  return new FobError("config_invalid", `Cannot read "${path}": ${why}`, { facts: { path } });
}

/** Does `work` on the file at `path`; what the system refuses is `io_failed`. */
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

/** What the system refuses, as an error that fob foresees. */
export function refused(error: unknown, what: string): FobError {
  if (error instanceof FobError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new FobError("io_failed", `${what}: ${why}`, { cause: error });
}
