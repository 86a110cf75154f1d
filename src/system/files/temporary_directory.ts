import { fileLockLimit } from "../../limits.ts";
import type { Clock } from "../clock.ts";
import type { Directories } from "./directories.ts";
import { lockFile } from "./file_lock.ts";
import { join } from "./paths.ts";
import { ensurePrivateDirectory } from "./private_directory.ts";

/** A private directory. Disposing of it removes it; that of a killed process is removed when the next one is made. */
export interface TemporaryDirectory extends AsyncDisposable {
  /** Writes `text` to a file with mode 0600, and resolves to its path. */
  write(name: string, text: string): Promise<string>;
}

/** Makes a directory in the runtime directory, which is usually in memory, or else in the state directory. */
export async function openTemporaryDirectory(
  { runtime, state }: Directories,
  clock: Clock,
  notice: (text: string) => void,
): Promise<TemporaryDirectory> {
  const parent = join(runtime ?? state, "tmp");
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

/** Removes the directories of killed processes, which are not locked any more. */
async function sweep(parent: string, clock: Clock): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(parent)) {
    if (!isDirectory) continue;
    try {
      (await lockFile(join(join(parent, name), "lock"), 0, clock))[Symbol.dispose]();
      await Deno.remove(join(parent, name), { recursive: true });
    } catch {
      // Its process is still running, or another process is removing it.
    }
  }
}
