import type { Clock } from "../system/clock.ts";
import { type FileLock, lockFile } from "../system/files/file_lock.ts";
import type { Locks } from "../system/files/locks.ts";
import { join } from "../system/files/paths.ts";
import { ensurePrivateDirectory } from "../system/files/private_directory.ts";

/** Dependencies of {@link withTokenCacheLock}. */
export interface TokenCacheLockNeeds {
  /** The directory of the token cache. */
  readonly directory: string;
  readonly clock: Clock;
  readonly notice: (text: string) => void;
}

/**
 * Adds to each lock that of Databricks' CLI, which holds `token-cache.lock` during a refresh
 * (libs/auth/storage/lock.go). That is one lock for all logins; it is taken second and released first.
 */
export function withTokenCacheLock(
  locks: Locks,
  { directory, clock, notice }: TokenCacheLockNeeds,
): Locks {
  return {
    take: async (name, limit): Promise<FileLock> => {
      const own = await locks.take(name, limit);
      try {
        await ensurePrivateDirectory(directory, notice);
        const theirs = await lockFile(join(directory, "token-cache.lock"), limit, clock);
        return {
          read: () => own.read(),
          write: (text) => own.write(text),
          [Symbol.dispose]: (): void => {
            theirs[Symbol.dispose]();
            own[Symbol.dispose]();
          },
        };
      } catch (error) {
        own[Symbol.dispose]();
        throw error;
      }
    },
  };
}
