import { type ErrorCode, FobError } from "../../../src/errors.ts";
import type { FileLock } from "../../../src/system/files/file_lock.ts";
import type { Locks } from "../../../src/system/files/locks.ts";

/** Locks within one process. The text that a holder writes to a lock remains. */
export class MemoryLocks implements Locks {
  /** The text in each lock, by name. */
  readonly texts = new Map<string, string>();
  readonly #log: string[];
  readonly #lastHolds = new Map<string, Promise<void>>();
  /** When set, no lock can be taken. */
  failure: ErrorCode | undefined;
  /** When set, no text can be written to a lock. */
  writeFailure: ErrorCode | undefined;

  /** `log` records every `take` and `release`. */
  constructor(log: string[] = []) {
    this.#log = log;
  }

  async take(name: string): Promise<FileLock> {
    if (this.failure !== undefined) throw new FobError(this.failure, `Lock: ${this.failure}`);
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#lastHolds.get(name);
    this.#lastHolds.set(name, promise);
    await before;
    this.#log.push("take");
    return {
      read: () => Promise.resolve(this.texts.get(name) ?? ""),
      write: (text) => this.#write(name, text),
      [Symbol.dispose]: (): void => {
        this.#log.push("release");
        resolve();
      },
    };
  }

  #write(name: string, text: string): Promise<void> {
    if (this.writeFailure !== undefined) {
      return Promise.reject(new FobError(this.writeFailure, `Lock: ${this.writeFailure}`));
    }
    this.texts.set(name, text);
    return Promise.resolve();
  }
}
