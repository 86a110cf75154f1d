import type { JsonObject } from "../text/json_object.ts";
import { commandLine } from "../text/shell_quote.ts";
import { type Agent, isCommand, type ModelAccess } from "./agent.ts";
import { requireModel } from "./require_model.ts";

const variable = "FOB_PI_PROVIDER";

/** Commands of Pi that do not start a session and reject its options. */
const commands = ["install", "remove", "uninstall", "update", "list", "config", "auth", "mcp"];

/** An extension that adds a provider to the user's own. */
const extension =
  `export default (pi) => pi.registerProvider("fob", JSON.parse(process.env.${variable}));\n`;

/**
 * Pi. It runs the command for every request. Providers: docs/models-configuration.md and
 * docs/custom-provider.md of its package.
 */
export const pi: Agent = {
  program: "pi",
  title: "Pi",
  verifiedVersion: "1.5.2",
  npm: {
    package: "@earendil-works/pi-coding-agent",
    // Some of its dependencies are unpublished; its bundle includes them.
    bare: { needs: ["jiti@2.7.0", "node@24.21.0"], file: "dist/bundle/cli.js" },
  },
  runsCommand: true,
  places: {
    databricks: { path: "/serving-endpoints", model: "databricks-claude-sonnet-4-6" },
  },
  outranking: [],
  start: (access, { args, isWindows }) => {
    if (commands.includes(args[0] ?? "")) return { args, set: {} };
    const { model } = requireModel("pi", access);
    const isChosen = args.some((word) => /^--(provider|models?)(=|$)/.test(word));
    return {
      args: isChosen ? args : ["--provider", "fob", "--model", model, ...args],
      set: {
        [variable]: JSON.stringify(piProvider(access, model, isWindows)),
        ...(isCommand(access.key) ? {} : { [access.key.variable]: access.key.value }),
      },
      file: { name: "fob.js", text: extension, passedBy: { option: "--extension" } },
    };
  },
};

/** The settings of a provider that uses fob. */
export function piProvider(
  { baseUrl, key }: ModelAccess,
  model: string,
  isWindows: boolean,
): JsonObject {
  return {
    name: "fob",
    baseUrl,
    api: "openai-completions",
    apiKey: isCommand(key) ? `!${commandLine(key.command, isWindows)}` : `$${key.variable}`,
    authHeader: true,
    models: [{
      id: model,
      name: model,
      reasoning: false,
      input: ["text"],
      cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
      contextWindow: 200_000,
      maxTokens: 16_384,
    }],
  };
}
