import type { Environment } from "../system/environment.ts";
import { homeOf } from "./foreign_home.ts";

/** The profile file of Databricks' tools. Throws `config_invalid` where there is no home that it needs. */
export function databricksConfigPath(environment: Environment): string {
  const path = environment.get("DATABRICKS_CONFIG_FILE") ?? "~/.databrickscfg";
  return /^~(?=\/|$)/.test(path) ? homeOf(environment) + path.slice(1) : path;
}

/** Databricks' token cache, which no variable moves. Throws as {@link databricksConfigPath}. */
export function tokenCachePath(environment: Environment): string {
  return `${homeOf(environment)}/.databricks/token-cache.json`;
}
