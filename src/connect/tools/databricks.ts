import { DatabricksProfiles, defaultSection } from "../../databricks/config_file.ts";
import { databricksConfigPath } from "../../databricks/paths.ts";
import { FobError } from "../../errors.ts";
import type { Tool } from "../tool.ts";

/**
 * Databricks' SDKs: `databricks_cli_path` of the profile, the program that they run for a token
 * (databricks-sdk-go, config/auth_u2m.go). The file is also where fob reads the profile from.
 */
export const connectDatabricks: Tool = {
  tool: "databricks",
  needsProfile: true,
  connect: ({ fob, profile = defaultSection, environment, system }) => {
    const path = databricksConfigPath(environment, system);
    return [{
      kind: "settings",
      path,
      format: "ini",
      edits: (text) => {
        assertHas(profile, text, path);
        return [{ key: [profile, "databricks_cli_path"], value: fob }];
      },
    }];
  },
};

/** @throws {FobError} `declined` for a profile that is only in fob's own file. */
function assertHas(profile: string, text: string, path: string): void {
  if (new DatabricksProfiles(text, path).has(profile)) return;
  throw new FobError("declined", `Databricks profile "${profile}" not found in "${path}"`);
}
