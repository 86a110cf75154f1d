import { claude, claudeModels, claudeSettings } from "../../agents/claude.ts";
import { FobError } from "../../errors.ts";
import { json } from "../../text/formats/json_format.ts";
import type { Edit, Json } from "../../text/formats/settings_format.ts";
import { pathIn } from "../../text/home.ts";
import type { Tool } from "../tool.ts";
import { modelOf } from "./model_of.ts";
import { tokenWords } from "./token_command.ts";

/** Claude Code: the user's `settings.json`. Settings of a project override it. */
export const connectClaude: Tool = {
  tool: "claude",
  places: claude.places,
  remark:
    "Settings of a project override these settings and can send the token to another host. In a " +
    "project that you do not trust, run: fob exec -- claude",
  connect: (request) => {
    const { environment, system } = request;
    const folder = pathIn(["CLAUDE_CONFIG_DIR"], "~/.claude", environment, system);
    const model = modelOf(request);
    const settings = claudeSettings(
      { ...model, key: { command: tokenWords(request) } },
      system === "windows",
    );
    const env = { ...settings.env, ...claudeModels(model) };
    return [{
      kind: "settings",
      path: `${folder}/settings.json`,
      format: "json",
      edits: (text) => {
        assertNoOther(text);
        return [
          { key: ["apiKeyHelper"], value: settings.apiKeyHelper ?? "" },
          ...Object.entries(env).map(([name, value]): Edit => ({ key: ["env", name], value })),
        ];
      },
    }];
  },
};

/** @throws {FobError} `declined` if a variable in `env` overrides the output of the helper. */
function assertNoOther(text: string): void {
  for (const name of claude.outranking) {
    const there: Json | undefined = json.get(text, ["env", name]);
    if (there === undefined || there === "") continue;
    throw new FobError(
      "declined",
      `${name} in Claude Code's settings overrides the settings of fob`,
    );
  }
}
