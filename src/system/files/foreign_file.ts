import { replaceFile } from "./atomic_file.ts";
import { absent } from "./private_directory.ts";
import { readText, refused, targetOf } from "./user_file.ts";

/**
 * A text file of another tool, with a backup of its own beside it. Every method may throw a `FobError`:
 * `config_invalid` for what is no text file, `io_failed` for what the system refuses.
 */
export interface ForeignFile {
  readonly path: string;
  readonly backupPath: string;
  /** The text; empty where there is no file. */
  read(): Promise<string>;
  /** The text of the backup; empty where there is none. */
  readBackup(): Promise<string>;
  /** Replaces the text, whole or not at all. Others than the owner lose access. */
  write(text: string): Promise<void>;
  /** Makes the backup, which only the owner can read. */
  writeBackup(text: string): Promise<void>;
  /** Removes the backup. That there is none is no error. */
  removeBackup(): Promise<void>;
}

/**
 * The file at `path`. A link is followed; the backup is beside the link, because what links point to may
 * be a folder that is shared or published.
 */
export function foreignFile(path: string): ForeignFile {
  const backupPath = `${path}.fob-backup`;
  return {
    path,
    backupPath,
    read: () => Promise.try(readText, path),
    readBackup: () => Promise.try(readText, backupPath),
    write: (text) =>
      reporting(path, async () => {
        const target = await targetOf(path);
        const mode = (await Deno.stat(target)).mode ?? 0o600;
        await replaceFile(target, text, mode & 0o700);
      }),
    writeBackup: (text) => reporting(backupPath, () => replaceFile(backupPath, text)),
    removeBackup: () => reporting(backupPath, () => Deno.remove(backupPath).catch(absent)),
  };
}

async function reporting(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw refused(error, `Cannot write "${path}"`);
  }
}
