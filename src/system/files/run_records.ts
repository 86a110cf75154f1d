import { FobError } from "../../errors.ts";
import { fileLockLimit, readerLimit } from "../../limits.ts";
import type { Clock } from "../clock.ts";
import { replaceFile, sweepTemporary } from "./atomic_file.ts";
import type { Directories } from "./directories.ts";
import { type FileLock, lockFile } from "./file_lock.ts";
import { fileLocks } from "./locks.ts";
import { join } from "./paths.ts";
import { absent, checkPrivateDirectory, ensurePrivateDirectory } from "./private_directory.ts";

/** A text that a run leaves if it is killed. Never a secret. Disposing of it lets the next run have it. */
export interface RunRecord extends Disposable {
  readonly id: string;
  /** What was written last; `undefined` where nothing was. */
  read(): Promise<string | undefined>;
  /** Replaces the text, whole or not at all. */
  write(text: string): Promise<void>;
  /** Ends it, and leaves nothing. */
  remove(): Promise<void>;
}

/** What a look at a record finds. */
export interface FoundRecord {
  readonly id: string;
  readonly text: string;
  /** Whether its run is still there. */
  readonly isAlive: boolean;
}

/**
 * The records of the runs on this machine. A kernel lock tells whether a run is alive, so that neither the
 * number of a process that is used again nor a suspended machine makes one look dead.
 */
export interface RunRecords {
  /** A record for this run. Throws `io_failed` where none can be made. */
  open(id: string): Promise<RunRecord>;
  /** All, as they are now. What a run left that was killed before it had one, or beside it, is removed. */
  look(): Promise<FoundRecord[]>;
  /** The record of a run that has ended, for this one alone; `undefined` where its run or another has it. */
  adopt(id: string): Promise<RunRecord | undefined>;
}

const suffix = ".json";

/** Records in the state directory: for each a file of mode 0600, and one that the run holds locked. */
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
 * Removes what killed runs left beside no record: a lock, or a text that was being written. Not while a
 * record is opened: its lock is there before anybody holds it.
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

/** Not by `using`: the bundler forgets to dispose of what the next statement alone looks at. */
async function isLocked(path: string, clock: Clock): Promise<boolean> {
  const lock = await lockIfFree(path, clock);
  lock?.[Symbol.dispose]();
  return lock === undefined;
}

/** The lock; `undefined` where somebody has it. */
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

  /** The text goes first: a lock without one is nobody's record. */
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
