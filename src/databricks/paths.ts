import type { Environment } from "../system/environment.ts";
import type { System } from "../system/files/paths.ts";
import { homeOf, pathIn } from "../text/home.ts";

/** The profile file of Databricks' tools. Throws `config_invalid` where there is no home that it needs. */
export function databricksConfigPath(
  environment: Environment,
  system: System = Deno.build.os,
): string {
  return pathIn(["DATABRICKS_CONFIG_FILE"], "~/.databrickscfg", environment, system);
}

/** Databricks' token cache, which no variable moves. Throws as {@link databricksConfigPath}. */
export function tokenCachePath(environment: Environment, system: System = Deno.build.os): string {
  return `${homeOf(environment, system)}/.databricks/token-cache.json`;
}
