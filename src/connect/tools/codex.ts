import { codex, codexProvider, tomlString } from "../../agents/codex.ts";
import { pathIn } from "../../text/home.ts";
import type { Tool } from "../tool.ts";
import { modelOf } from "./model_of.ts";
import { tokenWords } from "./token_command.ts";

/** Codex: a settings file with its own profile, for `codex --profile fob`. */
export const connectCodex: Tool = {
  tool: "codex",
  places: codex.places,
  remark: "Start it with: codex --profile fob",
  connect: (request) => {
    const { environment, system } = request;
    const folder = pathIn(["CODEX_HOME"], "~/.codex", environment, system);
    const model = modelOf(request);
    const lines = [
      ...model.model === undefined ? [] : [`model = ${tomlString(model.model)}`],
      'model_provider = "fob"',
      `model_providers.fob = ${codexProvider({ ...model, key: { command: tokenWords(request) } })}`,
    ];
    return [{ kind: "file", path: `${folder}/fob.config.toml`, text: `${lines.join("\n")}\n` }];
  },
};
