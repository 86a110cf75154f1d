import { FobError } from "../errors.ts";
import { type JsonObject, objectOf } from "../text/json_object.ts";
import { type Agent, type AgentCall, isCommand, type ModelAccess, readObject } from "./agent.ts";
import { requireModel } from "./require_model.ts";

const variable = "OPENCODE_CONFIG_CONTENT";

/**
 * OpenCode. It reads its key once and cannot run a command for it. The variable overrides every settings file
 * except the system's. Settings: https://opencode.ai/docs/config.
 */
export const opencode: Agent = {
  program: "opencode",
  title: "OpenCode",
  verifiedVersion: "1.18.33",
  npm: { package: "opencode-ai" },
  runsCommand: false,
  places: {
    databricks: {
      path: "/serving-endpoints",
      model: "databricks-claude-sonnet-4-6",
      smallModel: "databricks-claude-haiku-4-5",
    },
  },
  outranking: [],
  start: (access, call) => {
    if (isCommand(access.key)) {
      throw new FobError("usage", "OpenCode cannot run a command to get its key");
    }
    const own = callersConfig(call);
    const providers = objectOf(own["provider"]);
    const content = {
      ...models(access),
      ...own,
      provider: { ...providers, fob: provider(access, access.key.variable) },
    };
    return {
      args: call.args,
      set: { [variable]: JSON.stringify(content), [access.key.variable]: access.key.value },
    };
  },
};

/** The provider "fob". OpenCode would add its model catalog's data to a provider with a known ID. */
function provider(access: ModelAccess, keyVariable: string): JsonObject {
  const { model, smallModel = model } = requireModel("opencode", access);
  return {
    npm: "@ai-sdk/openai-compatible",
    name: "fob",
    options: { baseURL: access.baseUrl, apiKey: `{env:${keyVariable}}` },
    models: Object.fromEntries([model, smallModel].map((name) => [name, { name }])),
  };
}

/** The models to use. Without `small_model`, OpenCode would choose one from its catalog. */
function models(access: ModelAccess): JsonObject {
  const { model, smallModel = model } = requireModel("opencode", access);
  return { model: `fob/${model}`, small_model: `fob/${smallModel}` };
}

function callersConfig({ environment }: AgentCall): JsonObject {
  const config = readObject(environment.get(variable) ?? "");
  if (config !== undefined) return config;
  throw new FobError("usage", `${variable} is not a JSON object`);
}
