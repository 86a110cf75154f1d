import { FobError } from "../../errors.ts";
import { hcl } from "../../text/formats/hcl_format.ts";
import type { Edit } from "../../text/formats/settings_format.ts";
import { homeOf, resolvePath } from "../../text/home.ts";
import type { Change, Tool } from "../tool.ts";

/**
 * Terraform: the single block `credentials_helper` in its CLI configuration, and a program in the plugin
 * directory ("CLI Configuration File" and "Credentials Helpers" in its documentation). OpenTofu reads the same
 * files unless it has its own ("CLI Configuration File" in its documentation). The request names the host, so
 * fob answers for all hosts.
 */
export const terraform: Tool = {
  tool: "terraform",
  takesAnyAddress: true,
  connect: ({ profile, environment, system }): Change[] => {
    const home = homeOf(environment, system);
    const roaming = environment.get("APPDATA") ?? `${home}/AppData/Roaming`;
    const usual = system === "windows" ? `${roaming}/terraform.rc` : `${home}/.terraformrc`;
    const tofu = system === "windows" ? `${roaming}/tofu.rc` : `${home}/.tofurc`;
    const named = environment.get("TF_CLI_CONFIG_FILE") ?? environment.get("TERRAFORM_CONFIG");
    const folder = system === "windows" ? roaming : home;
    const value = profile === undefined ? {} : { args: ["--profile", profile] };
    const edits = (text: string): Edit[] => {
      assertAlone(text);
      return [{ key: ["credentials_helper", "fob"], value }];
    };
    const settings = { kind: "settings", format: "hcl", edits } as const;
    const openTofus: Change = { ...settings, path: tofu, isOptional: true };
    return [
      {
        kind: "link",
        name: "terraform-credentials-fob",
        directory: `${folder}/${system === "windows" ? "" : "."}terraform.d/plugins`,
      },
      { ...settings, path: resolvePath(named ?? usual, environment, system) },
      ...named === undefined ? [openTofus] : [],
    ];
  },
};

function assertAlone(text: string): void {
  const [other] = Object.keys(hcl.get(text, ["credentials_helper"]) ?? {})
    .filter((name) => name !== "fob");
  if (other === undefined) return;
  throw new FobError("declined", `Terraform already has the credentials helper "${other}"`);
}
