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

/** What a private file needs. */
export interface PrivateFileNeeds {
  readonly path: string;
  readonly clock: Clock;
  /** Told what a person should know, such as a mode that was too wide. */
  readonly notice: (text: string) => void;
}

/** Bytes that the file may have before it is taken for something else. */
const sizeLimit = 32 * 1024 * 1024;
/** Characters that a write may add to the file: the largest secret that is expected. */
const growth = 64 * 1024;
/** How often an edit is made before other programs are too busy with the file. */
const mostTries = 8;

/** What a text becomes; `undefined` is no file. */
export type Edit = (text: string | undefined) => string | undefined | Promise<string | undefined>;

/**
 * A file of secrets: 0600, in a directory of mode 0700 that is this user's own and no link. Every method
 * throws the store errors: `store_denied`, `store_timeout`, `store_corrupt`, `store_failed`.
 */
export class PrivateFile {
  readonly #needs: PrivateFileNeeds;

  constructor(needs: PrivateFileNeeds) {
    this.#needs = needs;
  }

  /** The text; `undefined` where there is no file. */
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
   * Replaces the text by what `edit` makes of it, whole or not at all, while no other fob does. What a
   * program that takes no lock has put there meanwhile is kept: `edit` is asked again, for that.
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

  /** Throws what a `change` would throw, as far as that can be known without one. */
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

  /** Does `work` while no other process reads to write. */
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

/** The object that the JSON text of the file at `path` is. `store_corrupt`, with the fact `damaged`, for anything else. */
export function parseObject(text: string, path: string): JsonObject {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's own message would quote the secrets.
    throw damaged(path, "it is not JSON");
  }
  if (!isObject(content)) throw damaged(path, "it is not a JSON object");
  return content;
}

/** What was found in the place of a version, as a message may hold it. */
export function foundVersion(value: unknown): string {
  return (JSON.stringify(value) ?? "none").slice(0, 40);
}

/** What is kept in the file at `path` cannot be read. */
export function corrupt(
  path: string,
  why: string,
  facts: Readonly<Record<string, string>> = {},
): FobError {
  return new FobError("store_corrupt", `Cannot read "${path}": ${why}`, {
    facts: { path, ...facts },
  });
}

/** It is not what its name says: nothing in it can be saved by a newer program either. */
export function damaged(path: string, why: string): FobError {
  return corrupt(path, why, { damaged: why });
}

/** What the system said, under what fob wanted. */
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
