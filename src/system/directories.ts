import { FobError } from "../errors.ts";
import type { Environment } from "./environment.ts";

/** Where fob keeps what it keeps. */
export interface Directories {
  /** Settings and profiles, fit for a person to edit and to share: no secret. */
  readonly config: string;
  /**
   * What belongs to this machine: locks and, where there is no keychain, credentials. Not beside the
   * settings, because people put those under version control.
   */
  readonly state: string;
  /** Gone at logout; absent where the system has none. */
  readonly runtime?: string;
}

/**
 * The directories by the XDG Base Directory Specification 0.8, which fob follows on macOS too.
 * A relative path in a variable is ignored, as the specification demands.
 */
export function findDirectories(environment: Environment): Directories {
  const home = environment.get("HOME");
  const absolute = (name: string): string | undefined => {
    const path = environment.get(name);
    return path?.startsWith("/") ? path : undefined;
  };
  const under = (name: string, fallback: string): string => {
    const base = absolute(name) ?? (home && `${home}/${fallback}`);
    if (base === undefined) {
      throw new FobError(
        "config_invalid",
        `Cannot find a home directory: HOME and ${name} are not set`,
      );
    }
    return `${base}/fob`;
  };
  const runtime = absolute("XDG_RUNTIME_DIR");
  return {
    config: under("XDG_CONFIG_HOME", ".config"),
    state: under("XDG_STATE_HOME", ".local/state"),
    ...(runtime === undefined ? {} : { runtime: `${runtime}/fob` }),
  };
}
