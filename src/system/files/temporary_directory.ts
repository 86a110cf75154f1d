import { fileLockLimit } from "../../limits.ts";
import type { Clock } from "../clock.ts";
import type { Directories } from "./directories.ts";
import { lockFile } from "./file_lock.ts";
import { join } from "./paths.ts";
import { ensurePrivateDirectory } from "./private_directory.ts";

/** A folder that is gone when it is disposed of; or, if this process is killed, when the next one is made. */
export interface TemporaryDirectory extends AsyncDisposable {
  /** Writes `text` to a file that only this user can read, and resolves to its path. */
  write(name: string, text: string): Promise<string>;
}

/** Makes a folder in the runtime directory, which is in memory as a rule; else in the state directory. */
export async function openTemporaryDirectory(
  { runtime, state }: Directories,
  clock: Clock,
  notice: (text: string) => void,
): Promise<TemporaryDirectory> {
  const parent = join(runtime ?? state, "passing");
  await ensurePrivateDirectory(runtime ?? state, notice);
  await ensurePrivateDirectory(parent, notice);
  using _lock = await lockFile(join(parent, "lock"), fileLockLimit, clock);
  await sweep(parent, clock);
  const path = await Deno.makeTempDir({ dir: parent });
  const alive = await lockFile(join(path, "lock"), 0, clock);
  return {
    async write(name, text): Promise<string> {
      const file = join(path, name);
      await Deno.writeTextFile(file, text, { createNew: true, mode: 0o600 });
      return file;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      alive[Symbol.dispose]();
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** Removes the folders whose makers were killed: nobody holds their locks. */
async function sweep(parent: string, clock: Clock): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(parent)) {
    if (!isDirectory) continue;
    try {
      (await lockFile(join(join(parent, name), "lock"), 0, clock))[Symbol.dispose]();
      await Deno.remove(join(parent, name), { recursive: true });
    } catch {
      // Its maker lives, or somebody else removes it.
    }
  }
}
