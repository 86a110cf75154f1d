import { FobError } from "../errors.ts";
import { directoryOf, rehearseReplace, replaceFile } from "./atomic_file.ts";
import type { Locks } from "./locks.ts";
import { absent } from "./private_directory.ts";

/** A text file that is a person's own: read as it is, and changed no more than necessary. */
export interface UserFile {
  readonly path: string;
  /** The text; empty where there is no file. */
  read(): Promise<string>;
  /**
   * Replaces the text by what `edit` makes of it, whole or not at all, while no other fob does; the text
   * before is kept beside it as `.bak`. Writes nothing where `edit` changes nothing.
   */
  change(edit: (text: string) => string): Promise<void>;
  /** As `change`, but what `edit` takes out is left nowhere: it is taken out of the `.bak` as well. */
  scrub(edit: (text: string) => string): Promise<void>;
  /** Throws what a `change` would throw, as far as that can be known without one. */
  assertWritable(): Promise<void>;
}

/** Bytes that a file of settings may have; more is another kind of file. */
const sizeLimit = 1024 * 1024;
/** Bytes that one change may add. */
const growth = 4096;
/** Milliseconds that a writer waits for other writers, who need a few each. */
const writeLockLimit = 5_000;

/**
 * The file at `path`. A link is followed, so that a file that lives elsewhere is changed there.
 *
 * `read` and `change` throw `FobError`: `config_invalid` for what is no text file, `io_failed` for what
 * the system refuses.
 */
export function userFile(path: string, locks: Locks): UserFile {
  return {
    path,
    read: () => readText(path),
    change: async (edit) => {
      using _lock = await locks.take("profiles", writeLockLimit);
      const before = await readText(path);
      const after = edit(before);
      if (after !== before) await write(path, before, after);
    },
    scrub: async (edit) => {
      using _lock = await locks.take("profiles", writeLockLimit);
      for (const place of [`${await targetOf(path)}.bak`, path]) {
        const before = await readText(place);
        const after = edit(before);
        if (after !== before) await write(place, undefined, after);
      }
    },
    assertWritable: async () => {
      using _lock = await locks.take("profiles", writeLockLimit);
      const { length } = await readText(path);
      try {
        const target = await targetOf(path);
        await Deno.mkdir(directoryOf(target), { recursive: true, mode: 0o700 });
        await rehearseReplace(target, length + growth);
      } catch (error) {
        throw refused(error, `Cannot write "${path}"`);
      }
    },
  };
}

/** The text of the file at `path`; empty where there is none. Throws as {@link userFile} says. */
export async function readText(path: string): Promise<string> {
  try {
    const entry = await Deno.stat(path).catch(absent);
    if (entry === undefined) return "";
    if (!entry.isFile) throw invalid(path, "it is not a file");
    if (entry.size > sizeLimit) {
      throw invalid(path, `it has ${entry.size} bytes, at most ${sizeLimit} are read`);
    }
    return decode(await Deno.readFile(path), path);
  } catch (error) {
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

/** Writes `after`, and keeps `before` as `.bak` where it is given. */
async function write(path: string, before: string | undefined, after: string): Promise<void> {
  try {
    const target = await targetOf(path);
    const entry = await Deno.stat(target).catch(absent);
    const mode = (entry?.mode ?? 0o600) & 0o777;
    await Deno.mkdir(directoryOf(target), { recursive: true, mode: 0o700 });
    if (entry !== undefined && before !== undefined) {
      await replaceFile(`${target}.bak`, before, mode);
    }
    await replaceFile(target, after, mode);
  } catch (error) {
    throw refused(error, `Cannot write "${path}"`);
  }
}

/** The file that `path` leads to, also where that is yet to be made. */
export async function targetOf(path: string): Promise<string> {
  const entry = await Deno.lstat(path).catch(absent);
  if (!entry?.isSymlink) return path;
  const target = await Deno.readLink(path);
  return await targetOf(target.startsWith("/") ? target : `${directoryOf(path)}/${target}`);
}

function invalid(path: string, why: string): FobError {
  return new FobError("config_invalid", `Cannot read "${path}": ${why}`, { facts: { path } });
}

/** What the system refuses, as an error that fob foresees. */
export function refused(error: unknown, what: string): FobError {
  if (error instanceof FobError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new FobError("io_failed", `${what}: ${why}`, { cause: error });
}
