import { abandonedAfter } from "../../limits.ts";
import { replaceFile, sweepTemporary } from "./atomic_file.ts";
import type { Directories } from "./directories.ts";
import { fileNameOf } from "./locks.ts";
import { join } from "./paths.ts";
import { absent, ensurePrivateDirectory } from "./private_directory.ts";
import { refused } from "./read_text.ts";

/**
 * Short named texts that later runs on this machine read. They contain no secrets. Every method may throw a
 * `FobError` `io_failed`.
 */
export interface Notes {
  /** The note `name`; `undefined` if there is none. */
  read(name: string): Promise<string | undefined>;
  /** Writes the note `name`, replacing any other. */
  write(name: string, text: string): Promise<void>;
  /** Removes the note `name`, if there is one, and temporary files of killed writers. */
  remove(name: string): Promise<void>;
}

/** Notes in the state directory, each in a file with mode 0600. */
export function fileNotes({ state }: Directories, notice: (text: string) => void): Notes {
  const folder = join(state, "notes");
  const pathOf = async (name: string): Promise<string> => join(folder, await fileNameOf(name));
  return {
    read: (name) =>
      reporting("read", pathOf(name), async (path) => await Deno.readTextFile(path).catch(absent)),
    write: (name, text) =>
      reporting("write", pathOf(name), async (path) => {
        await ensurePrivateDirectory(state, notice);
        await ensurePrivateDirectory(folder, notice);
        await replaceFile(path, text);
      }),
    remove: (name) =>
      reporting("remove", pathOf(name), async (path) => {
        await Deno.remove(path).catch(absent);
        await sweepTemporary(path, abandonedAfter).catch(absent);
      }),
  };
}

async function reporting<T>(
  what: string,
  found: Promise<string>,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const path = await found;
  try {
    return await work(path);
  } catch (error) {
    throw refused(error, `Cannot ${what} "${path}"`);
  }
}
