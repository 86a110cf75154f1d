import { pi, piProvider } from "../../agents/pi.ts";
import { requireModel } from "../../agents/require_model.ts";
import { pathIn } from "../../text/home.ts";
import type { Tool } from "../tool.ts";
import { modelOf } from "./model_of.ts";
import { tokenWords } from "./token_command.ts";

/** Pi: an extension in its extensions directory (docs/extensions.md of its package). */
export const connectPi: Tool = {
  tool: "pi",
  places: pi.places,
  remark: "Select the model with /model or --provider fob",
  connect: (request) => {
    const { environment, system } = request;
    const folder = pathIn(["PI_CODING_AGENT_DIR"], "~/.pi/agent", environment, system);
    const access = { ...modelOf(request), key: { command: tokenWords(request) } };
    const { model } = requireModel("pi", access);
    const provider = JSON.stringify(piProvider(access, model, system === "windows"), undefined, 2);
    const text = `export default (pi) => pi.registerProvider("fob", ${provider});\n`;
    return [{ kind: "file", path: `${folder}/extensions/fob.js`, text }];
  },
};
