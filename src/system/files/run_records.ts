import { FobError } from "../../errors.ts";
import { fileLockLimit, readerLimit } from "../../limits.ts";
import type { Clock } from "../clock.ts";
import { replaceFile, sweepTemporary } from "./atomic_file.ts";
import type { Directories } from "./directories.ts";
import { type FileLock, lockFile } from "./file_lock.ts";
import { fileLocks } from "./locks.ts";
import { join } from "./paths.ts";
import { absent, checkPrivateDirectory, ensurePrivateDirectory } from "./private_directory.ts";

/** A record that remains if its run is killed. It contains no secret. Disposing of it lets the next run adopt it. */
export interface RunRecord extends Disposable {
  readonly id: string;
  /** The text; `undefined` if nothing has been written. */
  read(): Promise<string | undefined>;
  /** Replaces the text, atomically. */
  write(text: string): Promise<void>;
  /** Removes the record and its files. */
  remove(): Promise<void>;
}

/** A record found by `look`. */
export interface FoundRecord {
  readonly id: string;
  readonly text: string;
  /** Whether its run is still running. */
  readonly isAlive: boolean;
}

/**
 * The records of the runs on this machine. A kernel lock shows whether a run is alive, which works with reused
 * process IDs and after a suspend.
 */
export interface RunRecords {
  /** Creates a record for this run. Throws `io_failed`. */
  open(id: string): Promise<RunRecord>;
  /** All records. Removes files of killed runs that belong to no record. */
  look(): Promise<FoundRecord[]>;
  /** Takes over the record of a run that has ended; `undefined` if a run still holds it. */
  adopt(id: string): Promise<RunRecord | undefined>;
}

const suffix = ".json";

/** Records in the state directory: each is a file with mode 0600 and a lock file that the run holds. */
export function runRecords(
  { state }: Directories,
  clock: Clock,
  notice: (text: string) => void,
): RunRecords {
  const folder = join(state, "leases");
  const lockPath = (id: string): string => join(folder, `${id}.lock`);
  const making = (): Promise<FileLock> =>
    fileLocks({ config: "", state }, clock, notice).take("leases", fileLockLimit);
  return {
    async open(id): Promise<RunRecord> {
      try {
        await ensurePrivateDirectory(state, notice);
        await ensurePrivateDirectory(folder, notice);
        using _making = await making();
        return new FileRecord(id, folder, await lockFile(lockPath(id), readerLimit, clock));
      } catch (cause) {
        if (cause instanceof FobError) throw cause;
        const why = cause instanceof Error ? cause.message : String(cause);
        throw new FobError("io_failed", `Cannot write run records in "${folder}": ${why}`, {
          cause,
        });
      }
    },
    async look(): Promise<FoundRecord[]> {
      if (!await checkPrivateDirectory(folder, notice)) return [];
      const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
      await removeStrays(names, making, (id) => this.adopt(id));
      return await readRecords(names, folder, clock);
    },
    async adopt(id): Promise<RunRecord | undefined> {
      const lock = await lockIfFree(lockPath(id), clock);
      if (lock === undefined) return undefined;
      const record = new FileRecord(id, folder, lock);
      if (await record.read() !== undefined) return record;
      await record.remove();
      return undefined;
    },
  };
}

/** The records among the files `names` of `folder`. */
async function readRecords(
  names: readonly string[],
  folder: string,
  clock: Clock,
): Promise<FoundRecord[]> {
  const found = names.filter((name) => !name.startsWith(".") && name.endsWith(suffix)).sort()
    .map(async (name) => {
      const id = name.slice(0, -suffix.length);
      const text = await Deno.readTextFile(join(folder, name)).catch(absent);
      return { id, text, isAlive: await isLocked(join(folder, `${id}.lock`), clock) };
    });
  return (await Promise.all(found)).filter((it): it is FoundRecord => it.text !== undefined);
}

/**
 * Removes locks and temporary files of killed runs without a record. Holds the lock of `open`, which creates a
 * lock file before it takes it.
 */
async function removeStrays(
  names: readonly string[],
  making: () => Promise<FileLock>,
  adopt: RunRecords["adopt"],
): Promise<void> {
  const ids = names.map((name) => /^\.?([^.]+)\.(?:json|lock)/.exec(name)?.[1] ?? "");
  const strays = new Set(ids.filter((id) => id !== "" && !names.includes(`${id}${suffix}`)));
  if (strays.size === 0) return;
  try {
    using _making = await making();
    for (const id of strays) (await adopt(id))?.[Symbol.dispose]();
  } catch {
    // The next look removes them.
  }
}

/** Not with `using`: the bundler omits the disposal of a variable that only the next statement reads. */
async function isLocked(path: string, clock: Clock): Promise<boolean> {
  const lock = await lockIfFree(path, clock);
  lock?.[Symbol.dispose]();
  return lock === undefined;
}

/** The lock; `undefined` if another process holds it. */
async function lockIfFree(path: string, clock: Clock): Promise<FileLock | undefined> {
  try {
    return await lockFile(path, 0, clock);
  } catch (error) {
    if (error instanceof FobError && error.code === "lock_timeout") return undefined;
    throw error;
  }
}

class FileRecord implements RunRecord {
  readonly id: string;
  readonly #path: string;
  readonly #lockPath: string;
  readonly #lock: FileLock;
  #isHeld = true;

  constructor(id: string, folder: string, lock: FileLock) {
    this.id = id;
    this.#path = join(folder, `${id}${suffix}`);
    this.#lockPath = join(folder, `${id}.lock`);
    this.#lock = lock;
  }

  async read(): Promise<string | undefined> {
    return await Deno.readTextFile(this.#path).catch(absent);
  }

  async write(text: string): Promise<void> {
    await replaceFile(this.#path, text);
  }

  /** Removes the text first: a lock without a text is not a record. */
  async remove(): Promise<void> {
    await Deno.remove(this.#path).catch(absent);
    await sweepTemporary(this.#path).catch(() => {});
    this[Symbol.dispose]();
    await Deno.remove(this.#lockPath).catch(() => {});
  }

  [Symbol.dispose](): void {
    if (this.#isHeld) this.#lock[Symbol.dispose]();
    this.#isHeld = false;
  }
}
