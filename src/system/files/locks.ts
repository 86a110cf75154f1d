import { FobError } from "../../errors.ts";
import type { Clock } from "../clock.ts";
import type { Directories } from "./directories.ts";
import { type FileLock, lockFile } from "./file_lock.ts";
import { join, type System } from "./paths.ts";
import { ensurePrivateDirectory } from "./private_directory.ts";

/** Named locks, shared by all fob processes of this user on this machine. */
export interface Locks {
  /**
   * Takes the lock called `name`, waiting up to `limit` milliseconds.
   *
   * @throws {FobError} `lock_timeout`, or `io_failed` if no lock file can be created.
   */
  take(name: string, limit: number): Promise<FileLock>;
}

/**
 * Locks in the state directory, or in the runtime directory if that is read-only. Not in the opposite order:
 * two sessions of one user may have different runtime directories and would not share locks.
 */
export function fileLocks(
  { state, runtime }: Directories,
  clock: Clock,
  notice: (text: string) => void,
): Locks {
  const parents = runtime === undefined ? [state] : [state, runtime];
  return {
    take: async (name, limit) => {
      let failure: unknown;
      for (const parent of parents) {
        try {
          await ensurePrivateDirectory(parent, notice);
          const directory = join(parent, "locks");
          await ensurePrivateDirectory(directory, notice);
          return await lockFile(join(directory, `${await fileNameOf(name)}.lock`), limit, clock);
        } catch (error) {
          if (error instanceof FobError) throw error;
          failure ??= error;
        }
      }
      const why = failure instanceof Error ? failure.message : String(failure);
      throw new FobError("io_failed", `Cannot create locks in "${state}": ${why}`, {
        cause: failure,
      });
    },
  };
}

/**
 * A unique file name for `name`: percent-encoded, or a digest if that is too long for a file system. On systems
 * other than Linux also upper-case letters are encoded, because file names are not case-sensitive there, and
 * what Windows does not allow: a star, and a dot at the end.
 */
export async function fileNameOf(name: string, system: System = Deno.build.os): Promise<string> {
  const encoded = encodeURIComponent(name);
  const readable = system === "linux"
    ? encoded
    : encoded.replace(/%..|[A-Z*]|\.$/g, (part) => part.length > 1 ? part : `%${hex(part)}`);
  if (readable.length <= 200) return readable;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name));
  return new Uint8Array(digest).toHex();
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}
