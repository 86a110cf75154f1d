import { FobError } from "../errors.ts";
import { fileLockLimit } from "../limits.ts";
import type { Clock } from "../system/clock.ts";
import { rehearseReplace, replaceFileIf, sweepTemporary } from "../system/files/atomic_file.ts";
import { lockFile } from "../system/files/file_lock.ts";
import { directoryOf } from "../system/files/paths.ts";
import {
  absent,
  checkPrivateDirectory,
  ensurePrivateDirectory,
  entryAt,
} from "../system/files/private_directory.ts";
import { isObject, type JsonObject } from "../text/json_object.ts";

/** Dependencies of {@link PrivateFile}. */
export interface PrivateFileNeeds {
  readonly path: string;
  readonly clock: Clock;
  /** Prints a notice, for example about a mode that was too wide. */
  readonly notice: (text: string) => void;
}

/** Maximum size of the file in bytes. */
const sizeLimit = 32 * 1024 * 1024;
/** Characters that a write may add to the file: the largest expected secret. */
const growth = 64 * 1024;
/** How often an edit is retried if other programs keep changing the file. */
const mostTries = 8;

/** Maps the text of a file to its new text; `undefined` means no file. */
export type Edit = (text: string | undefined) => string | undefined | Promise<string | undefined>;

/**
 * A file of secrets with mode 0600, in a directory with mode 0700 that this user owns and that is not a link.
 * Every method throws the store errors: `store_denied`, `store_timeout`, `store_corrupt`, `store_failed`.
 */
export class PrivateFile {
  readonly #needs: PrivateFileNeeds;

  constructor(needs: PrivateFileNeeds) {
    this.#needs = needs;
  }

  /** The text; `undefined` if there is no file. */
  async read(): Promise<string | undefined> {
    const { path, notice } = this.#needs;
    try {
      if (!await checkPrivateDirectory(directoryOf(path), notice)) return undefined;
      const entry = entryAt(path);
      if (entry === undefined) return undefined;
      if (!entry.isFile) throw corrupt(path, "it is not a regular file");
      if (entry.size > sizeLimit) {
        throw corrupt(path, `it is ${entry.size} bytes long (maximum: ${sizeLimit})`);
      }
      if (Deno.build.os !== "windows" && ((entry.mode ?? 0) & 0o077) !== 0) {
        await Deno.chmod(path, 0o600);
        notice(`Changed the mode of "${path}" to 0600: other users could read it`);
      }
      return Deno.readTextFileSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw storeError(error, `Cannot read "${path}"`);
    }
  }

  /**
   * Replaces the text with the result of `edit`, atomically and under a lock. If a program that takes no lock
   * changes the file meanwhile, its change is kept and `edit` is called again with the new text.
   */
  async change(edit: Edit): Promise<void> {
    const { path } = this.#needs;
    await this.#exclusively(async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        const before = await this.read();
        const after = await edit(before);
        if (after === before || await this.#replace(before, after)) return;
      }
      throw new FobError("store_failed", `"${path}" is being changed by another program`);
    });
  }

  /** Throws what `change` would throw, as far as it can be known without a change. */
  async rehearse(edit: Edit): Promise<void> {
    await this.#exclusively(async () => {
      const after = await edit(await this.read());
      await rehearseReplace(this.#needs.path, (after?.length ?? 0) + growth);
    });
  }

  async #replace(before: string | undefined, after: string | undefined): Promise<boolean> {
    const { path } = this.#needs;
    const isCurrent = async (): Promise<boolean> => await this.read() === before;
    if (after !== undefined) return await replaceFileIf(path, after, 0o600, isCurrent);
    if (!await isCurrent()) return false;
    await Deno.remove(path).catch(absent);
    return true;
  }

  /** Calls `work` under the lock of the file. */
  async #exclusively(work: () => Promise<void>): Promise<void> {
    const { path, clock, notice } = this.#needs;
    try {
      await ensurePrivateDirectory(directoryOf(path), notice);
      using _lock = await lockFile(`${path}.lock`, fileLockLimit, clock);
      await sweepTemporary(path);
      await work();
    } catch (error) {
      throw storeError(error, `Cannot write "${path}"`);
    }
  }
}

/** Parses a JSON object. Throws `store_corrupt` with the fact `damaged` for anything else. `path` is for messages. */
export function parseObject(text: string, path: string): JsonObject {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's message may quote a secret.
    throw damaged(path, "it is not JSON");
  }
  if (!isObject(content)) throw damaged(path, "it is not a JSON object");
  return content;
}

/** A version field, shortened for a message. */
export function foundVersion(value: unknown): string {
  return (JSON.stringify(value) ?? "none").slice(0, 40);
}

/** The error for a file with unreadable content. */
export function corrupt(
  path: string,
  why: string,
  facts: Readonly<Record<string, string>> = {},
): FobError {
  return new FobError("store_corrupt", `Cannot read "${path}": ${why}`, {
    facts: { path, ...facts },
  });
}

/** The error for a file that no version of fob can read. */
export function damaged(path: string, why: string): FobError {
  return corrupt(path, why, { damaged: why });
}

/** Wraps an error of the system in a store error. Its message begins with `what`. */
function storeError(error: unknown, what: string): FobError {
  if (error instanceof FobError) {
    return error.code === "lock_timeout"
      ? new FobError("store_timeout", `${what}: ${error.message}`)
      : error;
  }
  const code = error instanceof Deno.errors.PermissionDenied ? "store_denied" : "store_failed";
  const why = error instanceof Error ? error.message : String(error);
  return new FobError(code, `${what}: ${why}`, { cause: error });
}
