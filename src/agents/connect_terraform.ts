import type { Change, Edit, Tool } from "../credentials/connection.ts";
import { FobError } from "../errors.ts";
import { hcl } from "./hcl_edits.ts";
import { homeOf } from "./home.ts";

/**
 * Terraform: the block `credentials_helper` in its CLI configuration, of which there can be one, and a
 * program in the plugin directory ("CLI Configuration File" and "Credentials Helpers" in its documentation).
 * OpenTofu reads the same files unless it has its own. Fob is told the host, so that it answers for all.
 */
export const terraform: Tool = {
  tool: "terraform",
  takesAnyAddress: true,
  connect: ({ profile, environment, system }): Change[] => {
    const home = homeOf(environment, system);
    const roaming = environment.get("APPDATA") ?? `${home}/AppData/Roaming`;
    const usual = system === "windows" ? `${roaming}/terraform.rc` : `${home}/.terraformrc`;
    const path = environment.get("TF_CLI_CONFIG_FILE") ?? environment.get("TERRAFORM_CONFIG") ??
      usual;
    const folder = system === "windows" ? roaming : home;
    const value = profile === undefined ? {} : { args: ["--profile", profile] };
    return [
      {
        kind: "link",
        name: "terraform-credentials-fob",
        directory: `${folder}/${system === "windows" ? "" : "."}terraform.d/plugins`,
      },
      {
        kind: "settings",
        path,
        format: "hcl",
        edits: (text): Edit[] => {
          assertAlone(text);
          return [{ key: ["credentials_helper", "fob"], value }];
        },
      },
    ];
  },
};

function assertAlone(text: string): void {
  const [other] = Object.keys(hcl.get(text, ["credentials_helper"]) ?? {})
    .filter((name) => name !== "fob");
  if (other === undefined) return;
  throw new FobError("declined", `terraform has the credentials helper "${other}" already`);
}
