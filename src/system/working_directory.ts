import { present } from "../present.ts";
import { findHome } from "../text/home.ts";
import { printable } from "../text/printable.ts";
import type { Environment } from "./environment.ts";
import { directoryOf, isAbsolute, join, nativePath } from "./files/paths.ts";
import { absent } from "./files/private_directory.ts";
import { readText } from "./files/read_text.ts";

/** The working directory and its repository, for rules. */
export interface WorkingDirectory {
  /** The working directory with links resolved; `undefined` if it has been deleted. */
  directory(): string | undefined;
  /** The user's home directory; absent if unknown. */
  readonly home?: string;
  /** Whether file names on this system are usually not case-sensitive. */
  readonly ignoresCase: boolean;
  /** `path` with links resolved; `path` itself if it does not exist. */
  realPath(path: string): Promise<string>;
  /** The Git repository that contains the working directory. The result is cached. */
  repository(): Promise<Repository>;
}

/** The text of a repository's `config` file at `path`, or why there is none. */
export type Repository = { readonly path: string; readonly config: string } | {
  readonly problem: string;
};

/**
 * The working directory of this process. `notice` is called if the repository is ignored. `directory` can be
 * replaced in tests.
 */
export function systemWorkingDirectory(
  environment: Environment,
  notice: (text: string) => void,
  directory: WorkingDirectory["directory"] = workingDirectory,
): WorkingDirectory {
  const home = findHome(environment);
  let found: Promise<Repository> | undefined;
  return {
    directory,
    ...present({ home }),
    ignoresCase: Deno.build.os === "windows" || Deno.build.os === "darwin",
    realPath: async (path) => await Deno.realPath(nativePath(path)).catch(() => path),
    repository: () => found ??= findRepository(directory(), notice),
  };
}

function workingDirectory(): string | undefined {
  try {
    return Deno.cwd();
  } catch {
    return undefined;
  }
}

/** Maximum number of parent directories to search; no valid path has more. */
const mostLevels = 2048;
/** Maximum size in bytes of a file that contains a path. */
const pathLimit = 8192;

const none = { problem: "not in a Git repository" } as const;

/**
 * Finds a repository as Git does, gitrepository-layout(5). Git itself is not run, because a repository's
 * configuration can make it run commands. As with Git's `safe.directory`, a repository of another user is
 * ignored; the owner is not checked on Windows.
 */
async function findRepository(
  start: string | undefined,
  notice: (text: string) => void,
): Promise<Repository> {
  try {
    const directory = start === undefined ? undefined : await findGitDirectory(start);
    if (directory === undefined) return none;
    const path = join(await commonOf(directory), "config");
    if (await ownEntry(path) === undefined) return none;
    return { path, config: readText(path) };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // Names in the repository are not trusted.
    const problem = printable(text);
    notice(`Ignoring rules by remote: ${problem}`);
    return { problem };
  }
}

async function findGitDirectory(start: string): Promise<string | undefined> {
  let directory = start;
  for (let level = 0; level < mostLevels; level++) {
    const path = join(directory, ".git");
    const entry = await ownEntry(path);
    if (entry?.isFile) return await linkedFrom(path, directory);
    if (entry?.isDirectory && await ownEntry(join(path, "HEAD")) !== undefined) return path;
    const above = directoryOf(directory);
    if (above === directory) return undefined;
    directory = above;
  }
  return undefined;
}

/** The Git directory that the `.git` file of a worktree or a submodule names. */
async function linkedFrom(path: string, directory: string): Promise<string> {
  const [, target] = /^gitdir: ([^\0\r\n]+)\r?\n?$/.exec(await readPath(path)) ?? [];
  if (target === undefined) throw new Error(`"${path}" does not name a directory`);
  const linked = resolved(target, directory);
  await ownEntry(linked);
  return linked;
}

/** The common directory of a worktree and its repository. */
async function commonOf(directory: string): Promise<string> {
  const path = join(directory, "commondir");
  if (await ownEntry(path) === undefined) return directory;
  const common = resolved((await readPath(path)).replace(/\r?\n$/, ""), directory);
  await ownEntry(common);
  return common;
}

function resolved(path: string, directory: string): string {
  const native = nativePath(path);
  return isAbsolute(native) ? native : join(directory, native);
}

async function readPath(path: string): Promise<string> {
  const { size, isFile } = await Deno.stat(path);
  if (!isFile || size > pathLimit) throw new Error(`"${path}" does not contain a path`);
  return await Deno.readTextFile(path);
}

/** The entry at `path`, links followed. Throws if it belongs to another user. */
async function ownEntry(path: string): Promise<Deno.FileInfo | undefined> {
  const entry = await Deno.stat(path).catch(absent);
  const user = Deno.uid();
  if (entry !== undefined && user !== null && entry.uid !== null && entry.uid !== user) {
    throw new Error(`"${path}" belongs to another user (uid ${entry.uid})`);
  }
  return entry;
}
