import { findHome } from "../text/home.ts";
import type { Environment } from "./environment.ts";
import { directoryOf, join, type System } from "./files/paths.ts";

/** How a program was installed; `archive`: unpacked by hand. */
export type Channel =
  | "homebrew"
  | "scoop"
  | "winget"
  | "deb"
  | "install.sh"
  | "install.ps1"
  | "archive"
  | "source";

/** How this program was installed. */
export interface Installation {
  readonly by: Channel;
  /** The path of the program; of Deno, if run from source. */
  readonly path: string;
}

/** Reads the machine. A file that cannot be read counts as missing. */
export interface InstallationProbe {
  readonly system: System;
  readonly get: Environment["get"];
  isThere(path: string): Promise<boolean>;
  /** The text of a file; `undefined` if it cannot be read. */
  read(path: string): Promise<string | undefined>;
  /** The path with all links resolved. */
  follow(path: string): Promise<string | undefined>;
}

/** Finds how this program was installed, by its path and by files that installers leave. */
export async function findInstallation(environment: Environment): Promise<Installation> {
  const probe: InstallationProbe = {
    system: Deno.build.os,
    get: environment.get,
    isThere: (path) => Deno.stat(path).then(() => true, () => false),
    read: (path) => Deno.readTextFile(path).catch(() => undefined),
    follow: (path) => Deno.realPath(path).catch(() => undefined),
  };
  const path = await probe.follow(Deno.execPath()) ?? Deno.execPath();
  return { by: Deno.build.standalone ? await channelOf(path, probe) : "source", path };
}

/**
 * The channel that installed the program at `path`. Its links must be resolved. Homebrew uses a Cellar; Scoop
 * writes `install.json` beside the files in `apps\NAME\VERSION`; WinGet unpacks into `WinGet\Packages`; a Debian
 * package contains a copyright file; fob's installers write a file with the path of the program.
 */
export async function channelOf(path: string, probe: InstallationProbe): Promise<Channel> {
  if (probe.system === "windows") return await windowsChannelOf(path, probe);
  if (/\/Cellar\/fob\/[^/]+\/bin\/fob$/.test(path)) return "homebrew";
  if (path === "/usr/bin/fob" && await probe.isThere("/usr/share/doc/fob/copyright")) return "deb";
  const home = findHome(probe, probe.system);
  const share = probe.get("XDG_DATA_HOME") ??
    (home === undefined ? undefined : `${home}/.local/share`);
  return await isNoted(path, share, "install.sh", probe) ? "install.sh" : "archive";
}

async function windowsChannelOf(path: string, probe: InstallationProbe): Promise<Channel> {
  const directory = directoryOf(path, "windows");
  const beside = join(directory, "install.json", "windows");
  if (/\\apps\\fob\\[^\\]+$/i.test(directory) && await probe.isThere(beside)) return "scoop";
  if (/\\WinGet\\Packages\\/i.test(path)) return "winget";
  const isOurs = await isNoted(path, probe.get("LOCALAPPDATA"), "install.ps1", probe);
  return isOurs ? "install.ps1" : "archive";
}

/** Whether the file of `installer`, in fob's directory in `share`, names the program at `path`. */
async function isNoted(
  path: string,
  share: string | undefined,
  installer: string,
  { system, read, follow }: InstallationProbe,
): Promise<boolean> {
  if (share === undefined) return false;
  const note = await read(join(join(share, "fob", system), installer, system));
  return note !== undefined && await follow(note.trimEnd()) === path;
}
