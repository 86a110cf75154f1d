import { FobError } from "../../errors.ts";
import { replaceFile, replaceFileIf, sweepTemporary } from "./atomic_file.ts";
import { directoryOf } from "./paths.ts";
import { absent } from "./private_directory.ts";
import { readText, refused, targetOf } from "./user_file.ts";

/**
 * A text file with the settings of another tool. Links are followed, modes are kept. Every method may throw
 * a `FobError`: `config_invalid` for what is no text file, `io_failed` for what the system refuses.
 */
export interface SettingsFile {
  readonly path: string;
  readonly backupPath: string;
  /** The text; `undefined` where there is no file. */
  read(): Promise<string | undefined>;
  /**
   * Puts `after` in the place of `before`, whole or not at all; a file that is new is its owner's alone.
   * `after` may be `undefined`: there is no file then.
   *
   * @throws {FobError} `declined` where another program has put something else there.
   */
  replace(before: string | undefined, after: string | undefined): Promise<void>;
  readBackup(): Promise<string | undefined>;
  /** Makes the backup, which only the owner can read. For who holds the lock that all take who change it. */
  writeBackup(text: string): Promise<void>;
  /** Removes the backup. That there is none is no error. */
  removeBackup(): Promise<void>;
}

/** The file at `path`, whose backup is beside the link where `path` is one. */
export function settingsFile(path: string): SettingsFile {
  const backupPath = `${path}.fob-connect-backup`;
  return {
    path,
    backupPath,
    read: () => readIfThere(path),
    replace: (before, after) =>
      reporting(path, async () => {
        if (await replace(path, before, after)) return;
        throw new FobError("declined", `"${path}" is being changed by another program`);
      }),
    readBackup: () => readIfThere(backupPath),
    writeBackup: (text) =>
      reporting(backupPath, async () => {
        await makeDirectory(backupPath);
        await sweepTemporary(backupPath);
        await replaceFile(backupPath, text);
      }),
    removeBackup: () =>
      reporting(backupPath, async () => {
        await Deno.remove(backupPath).catch(absent);
        await sweepTemporary(backupPath).catch(absent);
      }),
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  const isThere = await reporting(path, () => Deno.stat(path).then(() => true, absent));
  return isThere === undefined ? undefined : readText(path);
}

async function replace(
  path: string,
  before: string | undefined,
  after: string | undefined,
): Promise<boolean> {
  const target = await targetOf(path);
  const isCurrent = async (): Promise<boolean> => await readIfThere(path) === before;
  if (after === undefined) {
    const isStill = await isCurrent();
    if (isStill && before !== undefined) await Deno.remove(target);
    return isStill;
  }
  const mode = ((await Deno.stat(target).catch(absent))?.mode ?? 0o600) & 0o777;
  await makeDirectory(target);
  return await replaceFileIf(target, after, mode, isCurrent);
}

/** Makes the directory that the file at `path` is to be in. */
export async function makeDirectory(path: string): Promise<void> {
  await Deno.mkdir(directoryOf(path), { recursive: true, mode: 0o700 });
}

/** Does what changes the file at `path`; what the system refuses is `io_failed`. */
export async function reporting<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refused(error, `Cannot change "${path}"`);
  }
}
