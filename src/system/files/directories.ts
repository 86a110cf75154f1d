import { FobError } from "../../errors.ts";
import { findHome, homeVariable, resolvePath } from "../../text/home.ts";
import type { Environment } from "../environment.ts";
import { isAbsolute, join, nativePath, type System } from "./paths.ts";

/** The directories of fob. */
export interface Directories {
  /** Settings and profiles. No secrets: users may edit and share these files. */
  readonly config: string;
  /**
   * Data of this machine: locks and, without a keychain, credentials. Separate from the settings, because users
   * put those under version control, and Windows roams them to other machines.
   */
  readonly state: string;
  /** Deleted at logout; absent if the system has no such directory. */
  readonly runtime?: string;
}

/**
 * The directories of the XDG Base Directory Specification 0.8, also on macOS; on Windows the known folders
 * RoamingAppData and LocalAppData, from their variables. A relative path in a variable is ignored, as the
 * specification requires.
 *
 * @throws {FobError} `config_invalid` if neither the variable nor a home directory is set.
 */
export function findDirectories(
  environment: Environment,
  system: System = Deno.build.os,
): Directories {
  const { config, state } = system === "windows" ? knownFolders : baseDirectories;
  const absolute = (name: string): string | undefined => {
    const path = environment.get(name);
    return path !== undefined && isAbsolute(path, system) ? nativePath(path, system) : undefined;
  };
  const under = ({ name, fallback }: Place): string => {
    const homePath = findHome(environment, system);
    const base = absolute(name) ??
      (homePath && join(nativePath(homePath, system), fallback, system));
    if (base === undefined) {
      throw new FobError(
        "config_invalid",
        `Cannot find a home directory: ${homeVariable(system)} and ${name} are not set`,
      );
    }
    return join(base, "fob", system);
  };
  const runtime = system === "windows" ? undefined : absolute("XDG_RUNTIME_DIR");
  return {
    config: under(config),
    state: under(state),
    ...(runtime === undefined ? {} : { runtime: join(runtime, "fob", system) }),
  };
}

/**
 * The path of fob's profile file: `FOB_CONFIG_FILE`, or `config.ini` in the directory of settings.
 * Throws as {@link findDirectories}.
 */
export function profileFilePath(environment: Environment, system: System = Deno.build.os): string {
  const named = environment.get("FOB_CONFIG_FILE");
  return named === undefined
    ? join(findDirectories(environment, system).config, "config.ini", system)
    : nativePath(resolvePath(named, environment, system), system);
}

/** A directory: the variable that names it, and its default in the home directory. */
interface Place {
  readonly name: string;
  readonly fallback: string;
}

const baseDirectories = {
  config: { name: "XDG_CONFIG_HOME", fallback: ".config" },
  state: { name: "XDG_STATE_HOME", fallback: ".local/state" },
} as const;

const knownFolders = {
  config: { name: "APPDATA", fallback: "AppData\\Roaming" },
  state: { name: "LOCALAPPDATA", fallback: "AppData\\Local" },
} as const;
