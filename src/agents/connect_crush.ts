import type { Tool } from "../credentials/connection.ts";
import { crush, crushFolder, crushProvider } from "./crush.ts";
import { modelIn, requireModel } from "./require_model.ts";
import { tokenWords } from "./token_words.ts";

/** Crush by a provider in the person's `crush.json`. */
export const connectCrush: Tool = {
  tool: "crush",
  places: crush.places,
  remark: "Choose its model in crush",
  connect: (wish) => {
    const { environment, system } = wish;
    const access = { ...modelIn(wish), key: { command: tokenWords(wish) } };
    const { model } = requireModel("crush", access);
    const value = crushProvider(access, model, system === "windows");
    return [{
      kind: "settings",
      path: `${crushFolder(environment, system === "windows")}/crush.json`,
      format: "json",
      edits: () => [{ key: ["providers", "fob"], value }],
    }];
  },
};
