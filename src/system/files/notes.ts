import { abandonedAfter } from "../../limits.ts";
import { replaceFile, sweepTemporary } from "./atomic_file.ts";
import type { Directories } from "./directories.ts";
import { fileNameOf } from "./locks.ts";
import { join } from "./paths.ts";
import { absent, ensurePrivateDirectory } from "./private_directory.ts";
import { refused } from "./text_file.ts";

/**
 * Short texts by name that one run leaves for the next, on this machine. Never a secret. Every method may
 * throw a `FobError`: `io_failed` for what the system refuses, or what {@link ensurePrivateDirectory} throws.
 */
export interface Notes {
  /** What was noted as `name`; `undefined` where nothing was. */
  read(name: string): Promise<string | undefined>;
  /** Notes `text` as `name`, in place of what was noted before. */
  write(name: string, text: string): Promise<void>;
  /** Takes away what was noted as `name`, and what killed writers of it left. That nothing was is no error. */
  remove(name: string): Promise<void>;
}

/** Notes in the state directory, a file of mode 0600 for each. */
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
