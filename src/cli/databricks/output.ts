import type { Environment } from "../../system/environment.ts";
import type { Flags } from "./command_line.ts";

/** What the flag says, or else `DATABRICKS_OUTPUT_FORMAT`. */
export function outputOf({ output }: Flags, environment: Environment): "json" | "text" {
  const said = output ?? environment.get("DATABRICKS_OUTPUT_FORMAT");
  return said?.toLowerCase() === "json" ? "json" : "text";
}
