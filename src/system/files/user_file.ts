import { FobError } from "../../errors.ts";
import { rehearseReplace, replaceFile, replaceFileIf } from "./atomic_file.ts";
import type { Locks } from "./locks.ts";
import { directoryOf, isAbsolute, join } from "./paths.ts";
import { absent } from "./private_directory.ts";

/** A text file that is a person's own: read as it is, and changed no more than necessary. */
export interface UserFile {
  readonly path: string;
  /** The text; empty where there is no file. */
  read(): Promise<string>;
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

/** Bytes that a file of settings may have; more is another kind of file. */
const sizeLimit = 1024 * 1024;
/** Bytes that one change may add. */
const growth = 4096;
/** Milliseconds that a writer waits for other writers, who need a few each. */
const writeLockLimit = 5_000;
/** How often an edit is made before other programs are too busy with the file. */
const mostTries = 8;

/**
 * The file at `path`. A link is followed, so that a file that lives elsewhere is changed there.
 *
 * `read` and `change` throw `FobError`: `config_invalid` for what is no text file, `io_failed` for what
 * the system refuses.
 */
export function userFile(path: string, locks: Locks): UserFile {
  return {
    path,
    read: () => Promise.try(readText, path),
    change: async (edit) => {
      using _lock = await locks.take("profiles", writeLockLimit);
      await rewrite(path, edit, write);
    },
    scrub: async (edit) => {
      using _lock = await locks.take("profiles", writeLockLimit);
      for (const place of [`${await targetOf(path)}.bak`, path]) {
        await rewrite(place, edit, replace);
      }
    },
    assertWritable: async () => {
      using _lock = await locks.take("profiles", writeLockLimit);
      const { length } = readText(path);
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

/**
 * The text of the file at `path`; empty where there is none. Throws as {@link userFile} says. Read at once: for a
 * small file that is ten times quicker than beside this thread.
 */
export function readText(path: string): string {
  try {
    const entry = Deno.statSync(path);
    if (!entry.isFile) throw invalid(path, "it is not a file");
    if (entry.size > sizeLimit) {
      throw invalid(path, `it has ${entry.size} bytes, at most ${sizeLimit} are read`);
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

/** Puts `after` in the place of `before`. `false`: another program has put something else there. */
type Write = (path: string, before: string, after: string) => Promise<boolean>;

async function rewrite(path: string, edit: (text: string) => string, write: Write): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++) {
    const before = readText(path);
    const after = edit(before);
    if (after === before) return;
    try {
      if (await write(path, before, after)) return;
    } catch (error) {
      throw refused(error, `Cannot write "${path}"`);
    }
  }
  throw new FobError("declined", `"${path}" is being changed by another program`);
}

/** Keeps `before` as `.bak`; but not nothing, which may be what a writer in the middle of its work left. */
async function write(path: string, before: string, after: string): Promise<boolean> {
  if (before !== "") await replaceFile(`${await targetOf(path)}.bak`, before);
  return await replace(path, before, after);
}

async function replace(path: string, before: string, after: string): Promise<boolean> {
  const target = await targetOf(path);
  const mode = ((await Deno.stat(target).catch(absent))?.mode ?? 0o600) & 0o777;
  await Deno.mkdir(directoryOf(target), { recursive: true, mode: 0o700 });
  return await replaceFileIf(
    target,
    after,
    mode,
    () => Promise.try(() => readText(path) === before),
  );
}

/** The file that `path` leads to, also where that is yet to be made. */
export async function targetOf(path: string): Promise<string> {
  const entry = await Deno.lstat(path).catch(absent);
  if (!entry?.isSymlink) return path;
  const target = await Deno.readLink(path);
  return await targetOf(isAbsolute(target) ? target : join(directoryOf(path), target));
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
