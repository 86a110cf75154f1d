import { FobError } from "../../errors.ts";
import type { Clock } from "../clock.ts";
import { writeAll } from "./write_all.ts";

/**
 * An exclusive lock on a file (`flock`). The kernel releases it when its process ends for any reason. The file
 * remains; the holder may leave a text in it for the next one.
 */
export interface FileLock extends Disposable {
  /** The text in the lock file. */
  read(): Promise<string>;
  /** Replaces the text in the lock file. Throws `FobError` `io_failed`. */
  write(text: string): Promise<void>;
}

/** Milliseconds between two tries; random, so that many waiting processes do not try at the same time. */
const retryPause = { least: 4, most: 24 };

/** The pause after `waited` milliseconds: at most a tenth of that (but up to 24 ms at first), and at most 500 ms. */
function pauseAfter(waited: number): number {
  const most = Math.min(Math.max(retryPause.most, waited / 10), 500);
  return retryPause.least + Math.random() * (most - retryPause.least);
}

/**
 * Takes the exclusive lock on the file at `path`, which is created with mode 0600 if missing.
 *
 * @throws {FobError} `lock_timeout` if another process still holds it after `limit` milliseconds.
 */
export async function lockFile(path: string, limit: number, clock: Clock): Promise<FileLock> {
  const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
  try {
    // Adds up the pauses: the time of day may be changed, or jump after a suspend.
    for (let waited = 0; !(await file.tryLock(true));) {
      if (waited >= limit) {
        throw new FobError(
          "lock_timeout",
          `Timed out after ${limit / 1000} s: another fob process holds "${path}"`,
        );
      }
      const pause = Math.min(pauseAfter(waited), limit - waited);
      await clock.sleep(pause);
      waited += pause;
    }
  } catch (error) {
    file.close();
    throw error;
  }
  return new HeldLock(file);
}

class HeldLock implements FileLock {
  readonly #file: Deno.FsFile;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  async read(): Promise<string> {
    await this.#file.seek(0, Deno.SeekMode.Start);
    const bytes = new Uint8Array((await this.#file.stat()).size);
    const length = bytes.length === 0 ? 0 : await this.#file.read(bytes);
    return new TextDecoder().decode(bytes.subarray(0, length ?? 0));
  }

  async write(text: string): Promise<void> {
    try {
      await this.#file.truncate(0);
      await this.#file.seek(0, Deno.SeekMode.Start);
      await writeAll(this.#file, text);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new FobError("io_failed", `Cannot write a lock file: ${why}`, { cause });
    }
  }

  /** Closing the file releases the lock on every system; `unlock` does not. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}
