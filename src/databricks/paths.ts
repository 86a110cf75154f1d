import type { Environment } from "../system/environment.ts";
import type { System } from "../system/files/paths.ts";
import { homeOf } from "../text/home.ts";

/** The profile file of Databricks' tools. Throws `config_invalid` where there is no home that it needs. */
export function databricksConfigPath(
  environment: Environment,
  system: System = Deno.build.os,
): string {
  const path = environment.get("DATABRICKS_CONFIG_FILE") ?? "~/.databrickscfg";
  const isInHome = (system === "windows" ? /^~(?=[\\/]|$)/ : /^~(?=\/|$)/).test(path);
  return isInHome ? homeOf(environment, system) + path.slice(1) : path;
}

/** Databricks' token cache, which no variable moves. Throws as {@link databricksConfigPath}. */
export function tokenCachePath(environment: Environment, system: System = Deno.build.os): string {
  return `${homeOf(environment, system)}/.databricks/token-cache.json`;
}
