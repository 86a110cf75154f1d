import { FobError } from "../../errors.ts";
import { homeOf } from "../../text/home.ts";
import type { Tool } from "../tool.ts";

/**
 * Databricks' SDKs by `databricks_cli_path` of the profile, which says what they run for a token
 * (databricks-sdk-go, config/auth_u2m.go). The file is the one that fob has the profile from.
 */
export const connectDatabricks: Tool = {
  tool: "databricks",
  needsProfile: true,
  connect: ({ fob, profile = "DEFAULT", environment, system }) => {
    const path = environment.get("DATABRICKS_CONFIG_FILE") ??
      `${homeOf(environment, system)}/.databrickscfg`;
    return [{
      kind: "settings",
      path,
      format: "ini",
      edits: (text) => {
        assertHas(profile, text);
        return [{ key: [profile, "databricks_cli_path"], value: fob }];
      },
    }];
  },
};

/** A profile that fob keeps in its own file is none of Databricks'. */
function assertHas(profile: string, text: string): void {
  const headers = text.matchAll(/^\s*\[([^\]\r\n]*)\]/gm);
  if (headers.some(([, name = ""]) => name.trim() === profile)) return;
  throw new FobError("declined", `Databricks' tools have no profile "${profile}"`);
}
