import { claude, claudeModels, claudeSettings } from "../../agents/claude.ts";
import { FobError } from "../../errors.ts";
import { json } from "../../text/formats/json_format.ts";
import type { Edit, Json } from "../../text/formats/settings_format.ts";
import { pathIn } from "../../text/home.ts";
import type { Tool } from "../tool.ts";
import { modelOf } from "./model_of.ts";
import { tokenWords } from "./token_command.ts";

/** Claude Code by `settings.json` of the person's, which what a project sets comes before. */
export const connectClaude: Tool = {
  tool: "claude",
  places: claude.places,
  remark:
    "What a project sets comes before these settings, and can send the token elsewhere: where " +
    "you do not trust one, use fob exec -- claude",
  connect: (wish) => {
    const { environment, system } = wish;
    const folder = pathIn(["CLAUDE_CONFIG_DIR"], "~/.claude", environment, system);
    const model = modelOf(wish);
    const settings = claudeSettings(
      { ...model, key: { command: tokenWords(wish) } },
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

/** Claude Code takes another credential, or another way, of its `env` before what the helper prints. */
function assertNoOther(text: string): void {
  for (const name of claude.outranking) {
    const there: Json | undefined = json.get(text, ["env", name]);
    if (there === undefined || there === "") continue;
    throw new FobError("declined", `${name} in claude's settings comes before what fob would set`);
  }
}
