import { crush, crushFolder, crushProvider } from "../../agents/crush.ts";
import { requireModel } from "../../agents/require_model.ts";
import type { Tool } from "../tool.ts";
import { modelOf } from "./model_of.ts";
import { tokenWords } from "./token_command.ts";

/** Crush by a provider in the person's `crush.json`. */
export const connectCrush: Tool = {
  tool: "crush",
  places: crush.places,
  remark: "Choose its model in crush",
  connect: (wish) => {
    const { environment, system } = wish;
    const access = { ...modelOf(wish), key: { command: tokenWords(wish) } };
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
