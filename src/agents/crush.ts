import { FobError } from "../errors.ts";
import type { Json } from "../text/formats/settings_format.ts";
import { pathIn, resolvePath } from "../text/home.ts";
import { type JsonObject, objectOf } from "../text/json_object.ts";
import { commandLine } from "../text/shell_quote.ts";
import { type Agent, type AgentCall, isCommand, type ModelAccess, readObject } from "./agent.ts";
import { requireModel } from "./require_model.ts";

const folderVariable = "CRUSH_GLOBAL_CONFIG";

/**
 * Crush. fob's settings file replaces the user's and includes its settings. Crush runs the command in `$(…)`
 * at the start and again after a 401. Verified by reading its source, not by running it.
 */
export const crush: Agent = {
  program: "crush",
  title: "Crush",
  verifiedVersion: "37f36e9",
  runsCommand: true,
  places: {
    databricks: { path: "/serving-endpoints", model: "databricks-claude-sonnet-4-6" },
  },
  outranking: [],
  callersFile: ({ environment, isWindows }) => `${crushFolder(environment, isWindows)}/crush.json`,
  start: (access, call) => {
    const set = isCommand(access.key) ? {} : { [access.key.variable]: access.key.value };
    const text = JSON.stringify(settings(access, call));
    return {
      args: call.args,
      set,
      file: { name: "crush.json", text, passedBy: { folderVariable } },
    };
  },
};

function settings(access: ModelAccess, call: AgentCall): JsonObject {
  const own = callersSettings(call);
  const providers = objectOf(own["providers"]);
  const { model } = requireModel("crush", access);
  const choice = { model, provider: "fob" };
  return {
    ...own,
    models: { large: choice, small: choice },
    providers: { ...providers, fob: crushProvider(access, model, call.isWindows) },
  };
}

/** The directory of the user's settings. */
export function crushFolder(environment: AgentCall["environment"], isWindows: boolean): string {
  const system = isWindows ? "windows" : "linux";
  const named = environment.get(folderVariable);
  if (named !== undefined) return resolvePath(named, environment, system);
  return `${pathIn(["XDG_CONFIG_HOME"], "~/.config", environment, system)}/crush`;
}

/** A provider in the format of its settings. */
type CrushProvider = { readonly [name: string]: Json };

/** The settings of a provider that uses fob. */
export function crushProvider(
  { baseUrl, key }: ModelAccess,
  model: string,
  isWindows: boolean,
): CrushProvider {
  return {
    name: "fob",
    type: "openai-compat",
    base_url: baseUrl,
    api_key: isCommand(key) ? `$(${commandLine(key.command, isWindows)})` : `$${key.variable}`,
    models: [{ id: model, name: model, context_window: 200_000, default_max_tokens: 16_384 }],
  };
}

function callersSettings({ text = "" }: AgentCall): JsonObject {
  const settings = readObject(text);
  if (settings !== undefined) return settings;
  throw new FobError("config_invalid", "The settings file of Crush is not a JSON object");
}
