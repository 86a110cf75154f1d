import { DatabricksProfiles, defaultSection } from "../../databricks/config_file.ts";
import { databricksConfigPath } from "../../databricks/paths.ts";
import { FobError } from "../../errors.ts";
import type { Tool } from "../tool.ts";

/**
 * Databricks' SDKs by `databricks_cli_path` of the profile, which says what they run for a token
 * (databricks-sdk-go, config/auth_u2m.go). The file is the one that fob has the profile from.
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

/** A profile that fob keeps in its own file is none of Databricks'. */
function assertHas(profile: string, text: string, path: string): void {
  if (new DatabricksProfiles(text, path).has(profile)) return;
  throw new FobError("declined", `Databricks' tools have no profile "${profile}"`);
}
