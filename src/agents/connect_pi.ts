import type { Tool } from "../credentials/connection.ts";
import { homeOf } from "../text/home.ts";
import { pi, piProvider } from "./pi.ts";
import { modelIn, requireModel } from "./require_model.ts";
import { tokenWords } from "./token_words.ts";

/** Pi by an extension in the folder that it loads them from (docs/extensions.md of its package). */
export const connectPi: Tool = {
  tool: "pi",
  places: pi.places,
  remark: "Choose its model with /model, or with --provider fob",
  connect: (wish) => {
    const { environment, system } = wish;
    const folder = environment.get("PI_CODING_AGENT_DIR") ??
      `${homeOf(environment, system)}/.pi/agent`;
    const access = { ...modelIn(wish), key: { command: tokenWords(wish) } };
    const { model } = requireModel("pi", access);
    const provider = JSON.stringify(piProvider(access, model, system === "windows"), undefined, 2);
    const text = `export default (pi) => pi.registerProvider("fob", ${provider});\n`;
    return [{ kind: "file", path: `${folder}/extensions/fob.js`, text }];
  },
};
