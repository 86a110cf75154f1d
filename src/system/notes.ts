import { replaceFile } from "./atomic_file.ts";
import type { Directories } from "./directories.ts";
import { fileNameOf } from "./locks.ts";
import { join } from "./paths.ts";
import { absent, ensurePrivateDirectory } from "./private_directory.ts";

/** Short texts by name that one run leaves for the next, on this machine. Never a secret. */
export interface Notes {
  /** What was noted as `name`; `undefined` where nothing was. Throws the `Deno.errors` of what failed. */
  read(name: string): Promise<string | undefined>;
  /** Notes `text` as `name`, in place of what was noted before. Throws as {@link ensurePrivateDirectory}. */
  write(name: string, text: string): Promise<void>;
  /** Takes away what was noted as `name`. That nothing was is no error. */
  remove(name: string): Promise<void>;
}

/** Notes in the state directory, a file of mode 0600 for each. */
export function fileNotes({ state }: Directories, notice: (text: string) => void): Notes {
  const folder = join(state, "notes");
  const pathOf = async (name: string): Promise<string> => join(folder, await fileNameOf(name));
  return {
    read: async (name) => await Deno.readTextFile(await pathOf(name)).catch(absent),
    write: async (name, text) => {
      await ensurePrivateDirectory(state, notice);
      await ensurePrivateDirectory(folder, notice);
      await replaceFile(await pathOf(name), text);
    },
    remove: async (name) => {
      await Deno.remove(await pathOf(name)).catch(absent);
    },
  };
}
