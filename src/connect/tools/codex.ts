import { codex, codexProvider, tomlString } from "../../agents/codex.ts";
import { pathIn } from "../../text/home.ts";
import type { Tool } from "../tool.ts";
import { modelOf } from "./model_of.ts";
import { tokenWords } from "./token_command.ts";

/** Codex by a profile of its own, a file beside the person's: `codex --profile fob`. */
export const connectCodex: Tool = {
  tool: "codex",
  places: codex.places,
  remark: "Start it with: codex --profile fob",
  connect: (wish) => {
    const { environment, system } = wish;
    const folder = pathIn(["CODEX_HOME"], "~/.codex", environment, system);
    const model = modelOf(wish);
    const lines = [
      ...model.model === undefined ? [] : [`model = ${tomlString(model.model)}`],
      'model_provider = "fob"',
      `model_providers.fob = ${codexProvider({ ...model, key: { command: tokenWords(wish) } })}`,
    ];
    return [{ kind: "file", path: `${folder}/fob.config.toml`, text: `${lines.join("\n")}\n` }];
  },
};
