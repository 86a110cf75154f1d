import { findHome } from "../text/home.ts";
import type { Environment } from "./environment.ts";
import { directoryOf, join, type System } from "./files/paths.ts";

/** What has put a program where it is; `archive`: a person who unpacked it. */
export type Channel =
  | "homebrew"
  | "scoop"
  | "winget"
  | "deb"
  | "install.sh"
  | "install.ps1"
  | "archive"
  | "source";

/** How this program came to the machine. */
export interface Installation {
  readonly by: Channel;
  /** The program's file; Deno's own, for the source. */
  readonly path: string;
}

/** How to look at a machine; a file that cannot be read is not there. */
export interface Looks {
  readonly system: System;
  readonly get: Environment["get"];
  isThere(path: string): Promise<boolean>;
  /** The text of a file. */
  read(path: string): Promise<string | undefined>;
  /** Where a path leads to. */
  follow(path: string): Promise<string | undefined>;
}

/** How this program came to the machine, by where it is and what was left there. Asks nobody. */
export async function findInstallation(environment: Environment): Promise<Installation> {
  const looks: Looks = {
    system: Deno.build.os,
    get: environment.get,
    isThere: (path) => Deno.stat(path).then(() => true, () => false),
    read: (path) => Deno.readTextFile(path).catch(() => undefined),
    follow: (path) => Deno.realPath(path).catch(() => undefined),
  };
  const path = await looks.follow(Deno.execPath()) ?? Deno.execPath();
  return { by: Deno.build.standalone ? await channelOf(path, looks) : "source", path };
}

/**
 * What has put a program to `path`, where links are followed already. Homebrew has a Cellar; Scoop leaves
 * `install.json` beside what it unpacks into `apps\NAME\VERSION`; WinGet unpacks into `WinGet\Packages`;
 * a Debian package brings its copyright along; the installers of fob leave a note that names the program.
 */
export async function channelOf(path: string, looks: Looks): Promise<Channel> {
  if (looks.system === "windows") return await windowsChannelOf(path, looks);
  if (/\/Cellar\/fob\/[^/]+\/bin\/fob$/.test(path)) return "homebrew";
  if (path === "/usr/bin/fob" && await looks.isThere("/usr/share/doc/fob/copyright")) return "deb";
  const home = findHome(looks, looks.system);
  const share = looks.get("XDG_DATA_HOME") ??
    (home === undefined ? undefined : `${home}/.local/share`);
  return await isNoted(path, share, "install.sh", looks) ? "install.sh" : "archive";
}

async function windowsChannelOf(path: string, looks: Looks): Promise<Channel> {
  const directory = directoryOf(path, "windows");
  const beside = join(directory, "install.json", "windows");
  if (/\\apps\\fob\\[^\\]+$/i.test(directory) && await looks.isThere(beside)) return "scoop";
  if (/\\WinGet\\Packages\\/i.test(path)) return "winget";
  const isOurs = await isNoted(path, looks.get("LOCALAPPDATA"), "install.ps1", looks);
  return isOurs ? "install.ps1" : "archive";
}

/** Whether the installer of that name noted, in fob's folder of `share`, that it put the program to `path`. */
async function isNoted(
  path: string,
  share: string | undefined,
  installer: string,
  { system, read, follow }: Looks,
): Promise<boolean> {
  if (share === undefined) return false;
  const note = await read(join(join(share, "fob", system), installer, system));
  return note !== undefined && await follow(note.trimEnd()) === path;
}
