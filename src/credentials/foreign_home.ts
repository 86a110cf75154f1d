import { FobError } from "../errors.ts";
import type { Environment } from "../system/environment.ts";

/** The home that other tools keep their files in. Throws `config_invalid` where there is none. */
export function homeOf(environment: Environment): string {
  const home = environment.get("HOME");
  if (home !== undefined) return home;
  throw new FobError("config_invalid", "Cannot find a home directory: HOME is not set");
}
