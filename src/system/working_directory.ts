import { present } from "../present.ts";
import { findHome } from "../text/home.ts";
import { printable } from "../text/printable.ts";
import type { Environment } from "./environment.ts";
import { directoryOf, isAbsolute, join, nativePath } from "./files/paths.ts";
import { absent } from "./files/private_directory.ts";
import { readText } from "./files/text_file.ts";

/** Where this process runs, as far as rules ask about it. */
export interface WorkingDirectory {
  /** The working directory, links followed; `undefined` where it is gone. */
  directory(): string | undefined;
  /** The person's home; absent where nothing says which it is. */
  readonly home?: string;
  /** Whether the system takes two names for one that differ in case alone, unless told otherwise. */
  readonly ignoresCase: boolean;
  /** What `path` leads to, links followed; `path` where there is nothing. */
  realPath(path: string): Promise<string>;
  /** The repository of Git that the working directory is in. It is looked for once. */
  repository(): Promise<Repository>;
}

/** The text of a repository's `config`, which stands at `path`; or why there is none, as a sentence. */
export type Repository = { readonly path: string; readonly config: string } | {
  readonly problem: string;
};

/**
 * The place of this process. `notice` is told of a repository that is there and does not count; `directory`
 * is the working directory's, or in a test another.
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

/** Directories upwards; there are no more in any path that a system takes. */
const mostLevels = 2048;
/** Bytes of a file that holds a path. */
const pathLimit = 8192;

const none = { problem: "not in a Git repository" } as const;

/**
 * Finds a repository as Git does, gitrepository-layout(5), without running it: what runs is decided by its
 * configuration. As with Git's `safe.directory`, one of another user's is not heeded; Windows does not
 * tell whose it is.
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
    // Whoever made the repository has chosen names in it.
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

/** The directory that a `.git` file of a worktree or a submodule names. */
async function linkedFrom(path: string, directory: string): Promise<string> {
  const [, target] = /^gitdir: ([^\0\r\n]+)\r?\n?$/.exec(await readPath(path)) ?? [];
  if (target === undefined) throw new Error(`"${path}" does not name a directory`);
  const linked = resolved(target, directory);
  await ownEntry(linked);
  return linked;
}

/** The directory that a worktree shares with its repository. */
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

/** What is at `path`, where a link leads. Throws where that is another user's. */
async function ownEntry(path: string): Promise<Deno.FileInfo | undefined> {
  const entry = await Deno.stat(path).catch(absent);
  const user = Deno.uid();
  if (entry !== undefined && user !== null && entry.uid !== null && entry.uid !== user) {
    throw new Error(`"${path}" belongs to another user (uid ${entry.uid})`);
  }
  return entry;
}
