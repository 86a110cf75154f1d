import { FobError } from "../../errors.ts";
import { replaceFile } from "./atomic_file.ts";
import { absent } from "./private_directory.ts";

/** A file that exists while a program is ready. Disposing of it removes it. */
export interface ReadyFile extends AsyncDisposable {
  /** Writes the ID of this process, atomically. */
  write(): Promise<void>;
}

/** Readable by everyone: the waiting process may belong to another user. */
const publicMode = 0o644;

/**
 * Opens the ready file at `path`. Removes the ready file of a killed process; any other file at `path` is left
 * unchanged and is an error.
 *
 * @throws {FobError} `io_failed`, and so does `write`.
 */
export async function readyFile(path: string): Promise<ReadyFile> {
  const own = `${Deno.pid}\n`;
  await reported(path, async () => {
    const found = await Deno.stat(path).catch(absent);
    if (found === undefined) return;
    const text = found.isFile ? await Deno.readTextFile(path) : "";
    if (!/^\d+\n$/.test(text)) throw new Error("it is not a ready file of fob");
    await Deno.remove(path);
  });
  return {
    write: () => reported(path, () => replaceFile(path, own, publicMode)),
    async [Symbol.asyncDispose](): Promise<void> {
      if (await Deno.readTextFile(path).catch(absent) === own) await Deno.remove(path);
    },
  };
}

async function reported(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FobError("io_failed", `Cannot write "${path}": ${why}`, { cause });
  }
}
