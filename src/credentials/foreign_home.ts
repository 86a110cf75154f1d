import { FobError } from "../errors.ts";
import type { Environment } from "../system/environment.ts";
import type { System } from "../system/paths.ts";

/** The home that other tools keep their files in. Throws `config_invalid` where there is none. */
export function homeOf(environment: Environment, system: System = Deno.build.os): string {
  const name = system === "windows" ? "USERPROFILE" : "HOME";
  const home = environment.get(name);
  if (home !== undefined) return home;
  throw new FobError("config_invalid", `Cannot find a home directory: ${name} is not set`);
}
