/**
 * Windows, as far as Wine is it: the real Windows build of Deno, with files, processes, locks, sockets
 * and a Credential Manager. Each {@link Windows} is a Wine prefix of its own: its own `C:`, registry and
 * credentials. No display is needed, no file of the system is changed, and nothing is fetched.
 */
import { Buffer } from "node:buffer";
import { npmFilePath, rigsCache, windowsDeno } from "../../scripts/testing/npm_files.ts";

/** What may be said of a program that is run: as to `Deno.Command`, in a bare environment. */
export type ProgramOptions = Omit<Deno.CommandOptions, "args" | "clearEnv">;

/** A machine with Windows on it, which ends with every program on it. */
export interface Windows extends AsyncDisposable {
  /** The folder of this system that is `C:\` there. */
  readonly drive: string;
  /** The folder of this system that is the person's, `%USERPROFILE%`. */
  readonly home: string;
  /**
   * A program for Windows, by its path on this system; arguments are in Windows' notation. `env` is what
   * it has beside Windows' own. Wine itself decides on the variables that name the person's folders
   * (`APPDATA`, `LOCALAPPDATA`, `USERPROFILE`, `TEMP`), and takes `PATH` from the variable `WINEPATH`.
   * The process id is that of the program: killing it kills the program.
   */
  program(path: string, args: readonly string[], options?: ProgramOptions): Deno.Command;
  /** `deno.exe`, with a cache of its own. */
  deno(args: readonly string[], options?: ProgramOptions): Deno.Command;
}

/** The Windows notation of a path of this system: its root is drive `Z:`. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}

/** Starts a Windows on which nobody has done anything yet. */
export async function startWindows(): Promise<Windows> {
  const template = await prepareTemplate();
  const prefix = await Deno.makeTempDir({ prefix: "fob-wine-" });
  await copyTemplate(template, prefix);
  await startServer(prefix);
  return new RunningWindows(prefix);
}

class RunningWindows implements Windows {
  readonly drive: string;
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.drive = `${prefix}/drive_c`;
  }

  get home(): string {
    const [user] = [...Deno.readDirSync(`${this.drive}/users`)]
      .filter(({ name }) => name !== "Public");
    return `${this.drive}/users/${user?.name}`;
  }

  program(path: string, args: readonly string[], options: ProgramOptions = {}): Deno.Command {
    return new Deno.Command("wine", {
      ...options,
      args: [path, ...args],
      clearEnv: true,
      env: { ...options.env, ...environmentOf(this.#prefix) },
    });
  }

  deno(args: readonly string[], options: ProgramOptions = {}): Deno.Command {
    const env = { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1", ...options.env };
    return this.program(npmFilePath(windowsDeno), args, { ...options, env });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Ends the programs of this prefix alone, then the server; which fails where it has ended by itself.
    await run("wineserver", ["--kill"], this.#prefix).catch(() => {});
    await run("wineserver", ["--wait"], this.#prefix);
    await removeServerDirectory(this.#prefix);
    await Deno.remove(this.#prefix, { recursive: true });
  }
}

/**
 * - `mscoree`, `mshtml`, `winemenubuilder.exe`: not there, or the first start would offer to download
 *   them, and write menus into the person's desktop.
 * - `kernelbase`: the copy in the prefix, see {@link maskNames}.
 */
const overrides = "mscoree,mshtml,winemenubuilder.exe=;kernelbase=n,b";

function environmentOf(prefix: string): Record<string, string> {
  return {
    HOME: prefix,
    PATH: Deno.env.get("PATH") ?? "",
    // File names of this system are UTF-8 to Wine only in such a locale.
    LC_ALL: "C.UTF-8",
    WINEPREFIX: prefix,
    WINEDEBUG: "-all",
    WINEDLLOVERRIDES: overrides,
  };
}

/**
 * The server that all programs of a prefix share. It is ready when the command that starts it ends: two
 * programs that both find none would start two. It stays for 300 s without a program, or it would end
 * between two of them, and the next have to start Windows' services again.
 */
async function startServer(prefix: string): Promise<void> {
  await run("wineserver", ["--persistent=300"], prefix);
  const start = (): Promise<void> => run("wine", ["cmd.exe", "/c", "exit"], prefix);
  // On a busy machine the first program of a prefix may end before Windows' services are there.
  await start().catch(start);
}

async function copyTemplate(template: string, prefix: string): Promise<void> {
  await run("cp", ["-r", "--no-target-directory", `${template}/own`, prefix], prefix);
  await Deno.mkdir(`${prefix}/dosdevices`);
  await Deno.symlink("../drive_c", `${prefix}/dosdevices/c:`);
  await Deno.symlink("/", `${prefix}/dosdevices/z:`);
  await Deno.symlink(`${template}/windows`, `${prefix}/drive_c/windows`);
}

/**
 * A prefix as Wine makes it, in two parts: `windows`, 700 MB that no program changes and that all
 * prefixes share, and `own`, of which each has a copy. Made once for each version of Wine.
 */
async function prepareTemplate(): Promise<string> {
  const version = await wineVersion();
  const template = `${rigsCache()}/${version.replace(/[^\w.+-]+/g, "-")}`;
  const isThere = await Deno.stat(template).then(() => true, () => false);
  if (isThere) return template;
  const building = await Deno.makeTempDir({ dir: rigsCache(), prefix: "wine-" });
  await makeTemplate(building);
  // Whoever made it meanwhile has the same.
  await Deno.rename(building, template).catch(() => Deno.remove(building, { recursive: true }));
  return template;
}

async function makeTemplate(directory: string): Promise<void> {
  const own = `${directory}/own`;
  await Deno.mkdir(own);
  await run("wine", ["wineboot", "--init"], own);
  await run("wineserver", ["--wait"], own);
  await removeServerDirectory(own);
  await Deno.rename(`${own}/drive_c/windows`, `${directory}/windows`);
  await Deno.remove(`${own}/dosdevices`, { recursive: true });
  // Or a prefix would be brought up to date, in the shared part, whenever the package of Wine is newer.
  await Deno.writeTextFile(`${own}/.update-timestamp`, "disable\n");
  const system = `${directory}/windows/system32`;
  const source = new URL("bcryptprimitives.c", import.meta.url).pathname;
  const target = `${system}/bcryptprimitives.dll`;
  // Without the C library: Wine would have to find its DLLs as well.
  const flags = ["-shared", "-nostdlib", "-Wl,--entry=0", "-s", "-o", target, source, "-ladvapi32"];
  await run("x86_64-w64-mingw32-gcc", flags, own);
  await maskNames(`${system}/kernelbase.dll`);
}

/**
 * V8 asks `kernelbase.dll` for `VirtualAlloc2` and `UnmapViewOfFile2`, and has another way where they are
 * missing. Wine 8 has them, but not with the placeholders that V8 needs of them, and V8 then gives up.
 * So these two get other names, of the same length and in the same place of the sorted table of names.
 * By the marker in the header Wine would know its own file, and load the one of the system instead.
 */
async function maskNames(path: string): Promise<void> {
  const bytes = Buffer.from(await Deno.readFile(path));
  const masks = {
    "\0VirtualAlloc2\0": "\0VirtualAlloc0\0",
    "\0UnmapViewOfFile2\0": "\0UnmapViewOfFile0\0",
    "Wine builtin DLL": "fob: masked copy",
  };
  for (const [name, mask] of Object.entries(masks)) {
    if (!bytes.includes(name)) throw new Error(`${path} has no "${name.trim()}"`);
    for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name)) bytes.write(mask, at);
  }
  await Deno.writeFile(path, bytes);
}

/** Removes what a server leaves in `/tmp`: Debian's Wine makes a directory and notes its name in the prefix. */
async function removeServerDirectory(prefix: string): Promise<void> {
  const note = `${prefix}/wineserver`;
  const name = await Deno.readTextFile(note).catch(() => "");
  if (!/^wine-\w+$/.test(name)) return;
  await Deno.remove(`/tmp/${name}`, { recursive: true });
  await Deno.remove(note);
}

/**
 * Runs a command that is done when it ends. Nothing of what it prints is taken: Windows' services, which
 * the first program of a prefix starts, inherit its pipes and never close them.
 */
async function run(command: string, args: readonly string[], prefix: string): Promise<void> {
  const { success } = await new Deno.Command(command, {
    args: [...args],
    clearEnv: true,
    env: environmentOf(prefix),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  if (!success) throw new Error(`${command} ${args.join(" ")} failed`);
}

async function wineVersion(): Promise<string> {
  const { stdout } = await new Deno.Command("wine", {
    args: ["--version"],
    env: { WINEDEBUG: "-all" },
  }).output();
  return new TextDecoder().decode(stdout).trim();
}
