import { crush, crushFolder, crushProvider } from "../../agents/crush.ts";
import { requireModel } from "../../agents/require_model.ts";
import type { Tool } from "../tool.ts";
import { modelOf } from "./model_of.ts";
import { tokenWords } from "./token_command.ts";

/** Crush: a provider in the user's `crush.json`. */
export const connectCrush: Tool = {
  tool: "crush",
  places: crush.places,
  remark: "Select the model in Crush",
  connect: (request) => {
    const { environment, system } = request;
    const access = { ...modelOf(request), key: { command: tokenWords(request) } };
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
