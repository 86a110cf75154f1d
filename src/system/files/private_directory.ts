import { FobError } from "../../errors.ts";

/**
 * Creates the directory `path` with mode 0700, or checks an existing one.
 *
 * @throws {FobError} as {@link checkPrivateDirectory}.
 */
export async function ensurePrivateDirectory(
  path: string,
  notice: (text: string) => void,
): Promise<void> {
  if (await checkPrivateDirectory(path, notice)) return;
  await Deno.mkdir(path, { recursive: true, mode: 0o700 });
}

/**
 * Whether the directory `path` exists. A mode that gives other users access is changed to 0700, with a notice.
 *
 * @throws {FobError} `io_failed` if it is a link, not a directory, or belongs to another user, who could then
 * replace the files in it.
 */
export async function checkPrivateDirectory(
  path: string,
  notice: (text: string) => void,
): Promise<boolean> {
  const entry = entryAt(path);
  if (entry === undefined) return false;
  assertOwnDirectory(path, entry);
  if (Deno.build.os !== "windows" && ((entry.mode ?? 0) & 0o077) !== 0) {
    await Deno.chmod(path, 0o700);
    notice(`Changed the mode of "${path}" to 0700: other users had access`);
  }
  return true;
}

function assertOwnDirectory(path: string, entry: Deno.FileInfo): void {
  if (entry.isSymlink) {
    throw new FobError("io_failed", `Refusing to use "${path}": it is a symbolic link`);
  }
  if (!entry.isDirectory) {
    throw new FobError("io_failed", `Refusing to use "${path}": it is not a directory`);
  }
  const owner = Deno.uid();
  if (owner !== null && entry.uid !== null && entry.uid !== owner) {
    throw new FobError(
      "io_failed",
      `Refusing to use "${path}": it belongs to another user (uid ${entry.uid})`,
    );
  }
}

/** The entry at `path`, links not followed; `undefined` if there is none. Synchronous, which is ten times faster. */
export function entryAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    return absent(error);
  }
}

/** For `catch`: returns `undefined` for a missing file and rethrows any other error. */
export function absent(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}
