import { FobError } from "../errors.ts";
import { toolLimit } from "../limits.ts";
import { findHome } from "../text/home.ts";
import type { Environment } from "./environment.ts";
import { rehearseReplace, replaceFile } from "./files/atomic_file.ts";
import { directoryOf, join, nativePath } from "./files/paths.ts";
import { absent } from "./files/private_directory.ts";
import { makeDirectory, reporting, type TextFile, textFile } from "./files/text_file.ts";
import { findProgram } from "./machine.ts";

/** Access to other tools: their files, their commands, and links to fob. */
export interface OtherTools {
  /**
   * The path by which other programs run fob. Preferably one on `PATH`, which does not change when fob is
   * updated. Throws `declined` if fob is run from source and is not on `PATH`.
   */
  ownPath(): Promise<string>;
  /** A file of another tool. */
  textFile(path: string): TextFile;
  /** Runs a program without standard input. Throws `command_not_found` or `command_not_executable`. */
  run(program: string, words: readonly string[]): Promise<ProgramResult>;
  /** Whether `path` is fob or a link to it, another file, or missing. */
  leadsTo(path: string): Promise<"fob" | "other" | "nothing">;
  /** The target of the link at `path`; `undefined` if it is not a link. */
  linkTarget(path: string): Promise<string | undefined>;
  /** The path of the program `name`, searched in `PATH`. */
  find(name: string): Promise<string | undefined>;
  /** The directory of {@link ownPath}. */
  ownDirectory(): Promise<string>;
  /** The writable program directories of this user that are on `PATH`. The directory of fob comes first. */
  binDirectories(): Promise<string[]>;
  /** The path of the program `name` in `directory`, with the system's file extension. */
  programPath(directory: string, name: string): string;
  /** Creates a symbolic link to fob; on Windows, where that needs a privilege, a hard link. */
  link(path: string): Promise<void>;
  /** Writes a file of fob; executable if `runs`. */
  writeOwn(path: string, text: string, runs: boolean): Promise<void>;
  remove(path: string): Promise<void>;
}

/** The exit code and the output of a program. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const isWindows = Deno.build.os === "windows";

export function otherTools(environment: Environment): OtherTools {
  const ownPath = (): Promise<string> => findOwnPath(environment);
  return {
    ownPath,
    textFile: (path) => textFile(nativePath(path)),
    run: runCaptured,
    leadsTo: async (path) => await leadsTo(nativePath(path), await ownPath()),
    linkTarget: (path) => Deno.readLink(nativePath(path)).catch(() => undefined),
    find: (name) => findProgram(name, environment),
    ownDirectory: async () => directoryOf(await ownPath()),
    binDirectories: async () => await findBinDirectories(await ownPath(), environment),
    programPath: (directory, name) => join(nativePath(directory), isWindows ? `${name}.exe` : name),
    link: async (path) => await reporting(path, async () => await link(path, await ownPath())),
    writeOwn: (path, text, runs) => reporting(path, () => writeOwn(nativePath(path), text, runs)),
    remove: (path) => reporting(path, () => Deno.remove(nativePath(path)).catch(absent)),
  };
}

async function findOwnPath(environment: Environment): Promise<string> {
  const own = Deno.build.standalone ? Deno.execPath() : undefined;
  const real = own === undefined ? undefined : await Deno.realPath(own);
  const onPath = await findProgram(
    "fob",
    environment,
    async (path) => real === undefined || await Deno.realPath(path).catch(() => "") === real,
  );
  const found = onPath ?? own;
  if (found !== undefined) return found;
  throw new FobError("declined", "fob is not on PATH, so other tools cannot run it");
}

async function runCaptured(program: string, words: readonly string[]): Promise<ProgramResult> {
  try {
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args: [...words],
      stdin: "null",
      signal: AbortSignal.timeout(toolLimit),
    }).output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  } catch (cause) {
    const code = cause instanceof Deno.errors.NotFound
      ? "command_not_found"
      : "command_not_executable";
    throw new FobError(code, `Command "${program}" not found or not executable`, { cause });
  }
}

async function leadsTo(path: string, own: string): Promise<"fob" | "other" | "nothing"> {
  const entry = await Deno.lstat(path).catch(absent);
  if (entry === undefined) return "nothing";
  const found = await Deno.stat(path).catch(absent);
  if (found === undefined) return "other";
  if (isWindows) {
    const { size, mtime } = await Deno.stat(own);
    return found.size === size && found.mtime?.getTime() === mtime?.getTime() ? "fob" : "other";
  }
  return await Deno.realPath(path) === await Deno.realPath(own) ? "fob" : "other";
}

async function findBinDirectories(own: string, environment: Environment): Promise<string[]> {
  const home = findHome(environment);
  const candidates = [directoryOf(own)];
  if (home !== undefined) {
    candidates.push(...[".local/bin", "bin"].map((name) => join(home, name)));
  }
  const separator = isWindows ? ";" : ":";
  const onPath = (environment.get("PATH") ?? "").split(separator);
  const found: string[] = [];
  for (const directory of new Set(candidates)) {
    if (onPath.includes(directory) && await isWritable(directory)) found.push(directory);
  }
  return found;
}

/** Tests by writing a temporary file. The next call removes the file of a killed one. */
async function isWritable(directory: string): Promise<boolean> {
  return await rehearseReplace(join(directory, "fob"), 0).then(() => true, () => false);
}

async function link(path: string, own: string): Promise<void> {
  await makeDirectory(path);
  if (isWindows) await Deno.link(own, path);
  else await Deno.symlink(own, path);
}

async function writeOwn(path: string, text: string, runs: boolean): Promise<void> {
  await makeDirectory(path);
  await replaceFile(path, text, runs ? 0o700 : 0o600);
}
