import type { Environment } from "../system/environment.ts";
import type { System } from "../system/files/paths.ts";
import { homeOf, pathIn } from "../text/home.ts";

/** The path of `.databrickscfg`. Throws `config_invalid` if it needs a home directory and there is none. */
export function databricksConfigPath(
  environment: Environment,
  system: System = Deno.build.os,
): string {
  return pathIn(["DATABRICKS_CONFIG_FILE"], "~/.databrickscfg", environment, system);
}

/** The path of Databricks' token cache. No variable changes it. Throws like {@link databricksConfigPath}. */
export function tokenCachePath(environment: Environment, system: System = Deno.build.os): string {
  return `${homeOf(environment, system)}/.databricks/token-cache.json`;
}
