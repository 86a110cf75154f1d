/**
 * Windows under Wine: the real Windows build of Deno, with files, processes, locks, sockets and a
 * Credential Manager. Each {@link Windows} is a Wine prefix with its own `C:`, registry and
 * credentials. No display is needed, no file of the system is changed, and nothing is downloaded.
 */
import { Buffer } from "node:buffer";
import { npmFilePath, rigsCache, windowsDeno } from "../../scripts/testing/npm_files.ts";

/** Options of `Deno.Command`, with an empty environment by default. */
export type ProgramOptions = Omit<Deno.CommandOptions, "args" | "clearEnv">;

/** A Windows machine. Disposing it kills all of its programs. */
export interface Windows extends AsyncDisposable {
  /** The path on this system of `C:\\`. */
  readonly drive: string;
  /** The path on this system of the user folder, `%USERPROFILE%`. */
  readonly home: string;
  /**
   * A Windows program by its path on this system. Arguments are in Windows notation. `env` is added to
   * the variables of Windows. Wine sets the variables of the user folders (`APPDATA`, `LOCALAPPDATA`,
   * `USERPROFILE`, `TEMP`) itself, and takes `PATH` from `WINEPATH`. Killing the process kills the
   * program.
   */
  program(path: string, args: readonly string[], options?: ProgramOptions): Deno.Command;
  /** `deno.exe`, with its own cache. */
  deno(args: readonly string[], options?: ProgramOptions): Deno.Command;
}

/** The Windows notation of a path of this system. Its root is drive `Z:`. */
export function windowsPath(path: string): string {
  return `Z:${path.replaceAll("/", "\\")}`;
}

/** Starts a fresh Windows. */
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
    // Ends the programs of this prefix, then the server. This fails if the server has already exited.
    await run("wineserver", ["--kill"], this.#prefix).catch(() => {});
    await run("wineserver", ["--wait"], this.#prefix);
    await removeServerDirectory(this.#prefix);
    await Deno.remove(this.#prefix, { recursive: true });
  }
}

/**
 * - `mscoree`, `mshtml`, `winemenubuilder.exe`: disabled, because the first start would offer to
 *   download them, and write menus to the desktop of the user.
 * - `kernelbase`: the masked copy in the prefix, see {@link maskNames}.
 */
const overrides = "mscoree,mshtml,winemenubuilder.exe=;kernelbase=n,b";

function environmentOf(prefix: string): Record<string, string> {
  return {
    HOME: prefix,
    PATH: Deno.env.get("PATH") ?? "",
    // Wine treats file names of this system as UTF-8 only in such a locale.
    LC_ALL: "C.UTF-8",
    WINEPREFIX: prefix,
    WINEDEBUG: "-all",
    WINEDLLOVERRIDES: overrides,
  };
}

/**
 * Starts the server that all programs of a prefix share. It is ready when this resolves: two programs
 * that find no server would start two. It stays for 300 s without a program, because otherwise the next
 * program would have to start the services of Windows again.
 */
async function startServer(prefix: string): Promise<void> {
  await run("wineserver", ["--persistent=300"], prefix);
  const start = (): Promise<void> => run("wine", ["cmd.exe", "/c", "exit"], prefix);
  // On a busy machine, the first program of a prefix may fail before the services of Windows are ready.
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
 * Makes a template of a prefix in two parts: `windows`, 700 MB that no program changes and all prefixes
 * share, and `own`, which is copied for each prefix. Made once for each version of Wine.
 */
async function prepareTemplate(): Promise<string> {
  const version = await wineVersion();
  const template = `${rigsCache()}/${version.replace(/[^\w.+-]+/g, "-")}`;
  const exists = await Deno.stat(template).then(() => true, () => false);
  if (exists) return template;
  const building = await Deno.makeTempDir({ dir: rigsCache(), prefix: "wine-" });
  await makeTemplate(building);
  // Another process may have made the same template in the meantime.
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
  // Prevents that Wine updates the shared part when the package of Wine is newer.
  await Deno.writeTextFile(`${own}/.update-timestamp`, "disable\n");
  const system = `${directory}/windows/system32`;
  const source = new URL("bcryptprimitives.c", import.meta.url).pathname;
  const target = `${system}/bcryptprimitives.dll`;
  // Without the C library, because Wine would have to find its DLLs too.
  const flags = ["-shared", "-nostdlib", "-Wl,--entry=0", "-s", "-o", target, source, "-ladvapi32"];
  await run("x86_64-w64-mingw32-gcc", flags, own);
  await maskNames(`${system}/kernelbase.dll`);
}

/**
 * Renames `VirtualAlloc2` and `UnmapViewOfFile2` in `kernelbase.dll`. V8 has a fallback if they are
 * missing. Wine 8 has them, but without the placeholders that V8 needs, and V8 then crashes. The new
 * names have the same length and the same position in the sorted name table. The marker in the header
 * is changed too, because Wine would load the system's file instead of its own.
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

/** Removes the server's directory in `/tmp`. Debian's Wine writes its name to the prefix. */
async function removeServerDirectory(prefix: string): Promise<void> {
  const note = `${prefix}/wineserver`;
  const name = await Deno.readTextFile(note).catch(() => "");
  if (!/^wine-\w+$/.test(name)) return;
  await Deno.remove(`/tmp/${name}`, { recursive: true });
  await Deno.remove(note);
}

/**
 * Runs a command to its end, without pipes: the services of Windows, which the first program of a
 * prefix starts, inherit its pipes and never close them.
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
