import { FobError } from "../errors.ts";
import { type Agent, isCommand } from "./agent.ts";

/** Without this setting, Gemini CLI takes a custom address for another sign-in method and rejects it. */
const settings = { security: { auth: { selectedType: "gemini-api-key" } } };

/**
 * Gemini CLI. It reads its key once. Only a settings file can choose the sign-in method, so fob gives it a home
 * directory, where it also stores its sessions, unless the caller sets another.
 * Settings: docs/reference/configuration.md of its repository.
 */
export const gemini: Agent = {
  program: "gemini",
  title: "Gemini CLI",
  verifiedVersion: "0.61.0",
  npm: { package: "@google/gemini-cli" },
  runsCommand: false,
  places: {
    databricks: { path: "/serving-endpoints/google", model: "databricks-gemini-2-5-pro" },
  },
  outranking: [
    "GOOGLE_API_KEY",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "GOOGLE_GENAI_USE_GCA",
    "GOOGLE_VERTEX_BASE_URL",
  ],
  start: ({ baseUrl, model, key }, { args, environment }) => {
    if (isCommand(key)) {
      throw new FobError("usage", "Gemini CLI cannot run a command to get its key");
    }
    const start = {
      args,
      set: {
        GOOGLE_GEMINI_BASE_URL: baseUrl,
        GEMINI_API_KEY_AUTH_MECHANISM: "bearer",
        GEMINI_API_KEY: key.value,
      },
      ...(model === undefined ? {} : { defaults: { GEMINI_MODEL: model } }),
    };
    if (environment.get("GEMINI_CLI_HOME")) return start;
    const file = {
      name: ".gemini/settings.json",
      text: `${JSON.stringify(settings, undefined, 2)}\n`,
      isKept: true,
      passedBy: { folderVariable: "GEMINI_CLI_HOME" },
    };
    return { ...start, file };
  },
};
