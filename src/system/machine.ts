import type { Environment } from "./environment.ts";
import { directoryOf, join } from "./files/paths.ts";
import { absent } from "./files/private_directory.ts";
import { refused } from "./files/read_text.ts";

/** A file system entry. */
export interface Entry {
  /** The kind of the entry, or of the target of a link; `link` for a broken link. */
  readonly kind: "file" | "directory" | "link" | "other";
  readonly isLink: boolean;
  /** The permission bits; absent on a system that uses access lists. */
  readonly mode?: number;
  /** The owner's user ID; absent on a system without user IDs. */
  readonly owner?: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt?: number;
}

/** A lock file. */
export interface FoundLock {
  readonly path: string;
  /** The name of the lock; for a very long one, its digest. */
  readonly name: string;
  /** Whether a process holds it now. */
  readonly isHeld: boolean;
  /** The content of the lock file; empty if it is held. */
  readonly text: string;
}

/** Read-only access to this machine: nothing is created, opened for writing, or run. */
export interface Machine {
  /** The system and the processor architecture, as Deno names them. */
  readonly system: string;
  /** Deno's version. */
  readonly deno: string;
  /** This user's ID; absent on a system without user IDs. */
  readonly user?: number;
  /** The entry at `path`; `undefined` if there is none. Throws `FobError` `io_failed`, as do the other methods. */
  entry(path: string): Promise<Entry | undefined>;
  /** The paths of all entries in the directory of `path`, sorted; empty if there is no directory. */
  beside(path: string): Promise<string[]>;
  /** The locks in a directory, sorted by their files' names. */
  locksIn(directory: string): Promise<FoundLock[]>;
  /** The path of `program`, searched in `PATH`. */
  findProgram(program: string): Promise<string | undefined>;
}

/** The machine that fob runs on. */
export function thisMachine(environment: Environment): Machine {
  const user = Deno.uid();
  return {
    system: `${Deno.build.os} ${Deno.build.arch}`,
    deno: Deno.version.deno,
    ...(user === null ? {} : { user }),
    entry: (path) => reporting(path, () => readEntry(path)),
    beside: (path) => reporting(path, () => listBeside(path)),
    locksIn: (directory) => reporting(directory, () => readLocks(directory)),
    findProgram: (program) => findProgram(program, environment),
  };
}

async function reporting<T>(path: string, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw refused(error, `Cannot read "${path}"`);
  }
}

async function readEntry(path: string): Promise<Entry | undefined> {
  const link = await Deno.lstat(path).catch(absent);
  if (link === undefined) return undefined;
  const found = link.isSymlink ? await Deno.stat(path).catch(absent) ?? link : link;
  const hasModes = Deno.build.os !== "windows" && found.mode !== null;
  return {
    kind: kindOf(found),
    isLink: link.isSymlink,
    ...(hasModes ? { mode: (found.mode ?? 0) & 0o7777 } : {}),
    ...(found.uid === null ? {} : { owner: found.uid }),
    ...(found.mtime === null ? {} : { modifiedAt: found.mtime.getTime() }),
  };
}

function kindOf({ isFile, isDirectory, isSymlink }: Deno.FileInfo): Entry["kind"] {
  if (isFile) return "file";
  if (isDirectory) return "directory";
  return isSymlink ? "link" : "other";
}

async function readNames(directory: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(directory)).catch(absent) ?? [];
  return entries.map(({ name }) => name).sort();
}

async function listBeside(path: string): Promise<string[]> {
  const directory = directoryOf(path);
  return (await readNames(directory)).map((name) => join(directory, name));
}

/** Reads the locks one by one, to stay below the limit of open files. */
async function readLocks(directory: string): Promise<FoundLock[]> {
  const locks: FoundLock[] = [];
  for (const name of (await readNames(directory)).filter((name) => /(^|\.)lock$/.test(name))) {
    const path = join(directory, name);
    // Opening a pipe, for example, could block forever.
    if (!(await Deno.lstat(path).catch(absent))?.isFile) continue;
    locks.push({ path, name: nameFrom(name), ...await readIfFree(path) });
  }
  return locks;
}

/** Tries a shared lock for a moment, without waiting, to find out whether the lock is held. */
async function readIfFree(path: string): Promise<Pick<FoundLock, "isHeld" | "text">> {
  // Not by `using`, as in `isLocked` of `run_records.ts`.
  const file = await Deno.open(path);
  try {
    if (!await file.tryLock(false)) return { isHeld: true, text: "" };
    return { isHeld: false, text: await Deno.readTextFile(path) };
  } finally {
    file.close();
  }
}

/** The reverse of `fileNameOf`. */
function nameFrom(fileName: string): string {
  const encoded = fileName.replace(/\.lock$/, "");
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** The path of the first `program` on `PATH` for which `isMeant` is true. */
export async function findProgram(
  program: string,
  environment: Environment,
  isMeant: (path: string) => Promise<boolean> = () => Promise.resolve(true),
): Promise<string | undefined> {
  const isWindows = Deno.build.os === "windows";
  const separator = isWindows ? ";" : ":";
  const directories = /[/\\]/.test(program)
    ? [""]
    : (environment.get("PATH") ?? "").split(separator).filter(Boolean).map((path) => `${path}/`);
  const endings = isWindows ? ["", ...(environment.get("PATHEXT") ?? ".EXE").split(";")] : [""];
  for (const path of directories.flatMap((it) => endings.map((end) => it + program + end))) {
    const entry = await Deno.stat(path).catch(() => undefined);
    const isProgram = entry?.isFile && (isWindows || ((entry.mode ?? 0) & 0o111) !== 0);
    if (isProgram && await isMeant(path)) return path;
  }
  return undefined;
}
