import { FobError } from "../../errors.ts";
import type { Clock } from "../clock.ts";
import { writeAll } from "./write_all.ts";

/**
 * A lock that the kernel frees when its holder dies, however it dies: `flock` on a file of its own.
 * The file stays; its text is the holder's to use, and outlives it.
 */
export interface FileLock extends Disposable {
  /** What the last writer left. */
  read(): Promise<string>;
  /** Replaces what is left. A killed process leaves what it wrote. Throws `FobError` `io_failed`. */
  write(text: string): Promise<void>;
}

/** Milliseconds between two tries, spread so that many waiters do not knock in step. */
const knock = { least: 4, most: 24 };

/** The pause after so many milliseconds of waiting: who waits long knocks seldom, but is late by a tenth at most. */
function pauseAfter(waited: number): number {
  const most = Math.min(Math.max(knock.most, waited / 10), 500);
  return knock.least + Math.random() * (most - knock.least);
}

/**
 * Takes the exclusive lock on the file at `path`, which is made 0600 if it is not there.
 *
 * @throws {FobError} `lock_timeout` when another process holds it for `limit` milliseconds of waiting.
 */
export async function lockFile(path: string, limit: number, clock: Clock): Promise<FileLock> {
  const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
  try {
    // The time of day may be set meanwhile, or have gone on while the machine slept.
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

  /** Closing frees the lock on every system; unlocking first would not do so on all of them. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}
