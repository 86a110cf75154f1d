import { pi, piProvider } from "../../agents/pi.ts";
import { requireModel } from "../../agents/require_model.ts";
import { pathIn } from "../../text/home.ts";
import type { Tool } from "../tool.ts";
import { modelOf } from "./model_of.ts";
import { tokenWords } from "./token_command.ts";

/** Pi by an extension in the folder that it loads them from (docs/extensions.md of its package). */
export const connectPi: Tool = {
  tool: "pi",
  places: pi.places,
  remark: "Choose its model with /model, or with --provider fob",
  connect: (wish) => {
    const { environment, system } = wish;
    const folder = pathIn(["PI_CODING_AGENT_DIR"], "~/.pi/agent", environment, system);
    const access = { ...modelOf(wish), key: { command: tokenWords(wish) } };
    const { model } = requireModel("pi", access);
    const provider = JSON.stringify(piProvider(access, model, system === "windows"), undefined, 2);
    const text = `export default (pi) => pi.registerProvider("fob", ${provider});\n`;
    return [{ kind: "file", path: `${folder}/extensions/fob.js`, text }];
  },
};
