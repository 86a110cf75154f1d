import type { Environment } from "../../system/environment.ts";
import type { Flags } from "./command_line.ts";

/** The output format of the flag, or else of `DATABRICKS_OUTPUT_FORMAT`. */
export function outputOf({ output }: Flags, environment: Environment): "json" | "text" {
  const format = output ?? environment.get("DATABRICKS_OUTPUT_FORMAT");
  return format?.toLowerCase() === "json" ? "json" : "text";
}
