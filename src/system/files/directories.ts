import { FobError } from "../../errors.ts";
import { findHome, homeVariable, resolvePath } from "../../text/home.ts";
import type { Environment } from "../environment.ts";
import { isAbsolute, join, nativePath, type System } from "./paths.ts";

/** Where fob keeps what it keeps. */
export interface Directories {
  /** Settings and profiles, fit for a person to edit and to share: no secret. */
  readonly config: string;
  /**
   * What belongs to this machine: locks and, where there is no keychain, credentials. Not beside the
   * settings, because people put those under version control, and Windows carries them to other machines.
   */
  readonly state: string;
  /** Gone at logout; absent where the system has none. */
  readonly runtime?: string;
}

/**
 * The directories by the XDG Base Directory Specification 0.8, which fob follows on macOS too; on Windows
 * the known folders RoamingAppData and LocalAppData, as the variables have them. A relative path in a
 * variable is ignored, as the specification demands.
 *
 * @throws {FobError} `config_invalid` where there is no home directory either.
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
 * The path of fob's profile file: that of `FOB_CONFIG_FILE`, or `config.ini` in the directory of settings.
 * Throws as {@link findDirectories}.
 */
export function profileFilePath(environment: Environment, system: System = Deno.build.os): string {
  const named = environment.get("FOB_CONFIG_FILE");
  return named === undefined
    ? join(findDirectories(environment, system).config, "config.ini", system)
    : nativePath(resolvePath(named, environment, system), system);
}

/** A directory that a variable names, and where it is in the home directory if that is not set. */
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
