import { commandLine } from "../text/shell_quote.ts";
import { type Agent, isCommand } from "./agent.ts";
import { requireModel } from "./require_model.ts";

/**
 * Copilot CLI. It runs the command for every request. It sends the output as a bearer token only with OpenAI's
 * protocol. Variables: `copilot help providers`.
 */
export const copilot: Agent = {
  program: "copilot",
  title: "Copilot CLI",
  verifiedVersion: "1.0.102",
  npm: { package: "@github/copilot" },
  runsCommand: true,
  places: {
    databricks: { path: "/serving-endpoints", model: "databricks-claude-sonnet-4-6" },
  },
  outranking: [
    "COPILOT_PROVIDER_API_KEY",
    "COPILOT_PROVIDER_API_KEY_COMMAND",
    "COPILOT_PROVIDER_BEARER_TOKEN",
    "COPILOT_PROVIDER_AZURE_API_VERSION",
  ],
  start: (access, { args, isWindows, environment }) => {
    const key: Record<string, string> = isCommand(access.key)
      ? { COPILOT_PROVIDER_API_KEY_COMMAND: commandLine(access.key.command, isWindows) }
      : { COPILOT_PROVIDER_API_KEY: access.key.value };
    const hasModel = environment.get("COPILOT_PROVIDER_MODEL_ID") !== undefined;
    return {
      args,
      set: {
        COPILOT_PROVIDER_BASE_URL: access.baseUrl,
        COPILOT_PROVIDER_TYPE: "openai",
        ...key,
      },
      ...(hasModel ? {} : { defaults: { COPILOT_MODEL: requireModel("copilot", access).model } }),
    };
  },
};
