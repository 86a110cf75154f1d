import { FobError } from "../../errors.ts";

/**
 * Makes `path` a directory that only this user can look into, if there is none, and checks it if there is.
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
 * Whether `path` is there. A mode that lets others in is tightened, and `notice` told.
 *
 * @throws {FobError} `io_failed` where it is a link, something else, or another user's: whoever owns
 * the directory decides what is read from it.
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

/** What is at `path`, a link not followed; `undefined` where nothing is. At once: a hop beside this thread costs ten times the look. */
export function entryAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    return absent(error);
  }
}

/** For `catch`: a missing file is a value, everything else stays an error. */
export function absent(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}
