import type { ModelAddress } from "../api/model_address.ts";
import { FobError } from "../errors.ts";
import { type JsonObject, objectOf, parseObject } from "../text/json_object.ts";
import { commandLine } from "../text/shell_quote.ts";
import {
  type Agent,
  type AgentCall,
  type AgentStart,
  isCommand,
  type ModelAccess,
} from "./agent.ts";

/** Milliseconds after which Claude Code runs its helper again; it may use the token before once more. */
const helperLife = "60000";

/**
 * What a project's own settings could lead the requests elsewhere by: settings of the command line come before
 * those. The address alone is not enough; a proxy gets to see the token as well.
 */
const pinned = [
  "HTTP_PROXY",
  "http_proxy",
  "HTTPS_PROXY",
  "https_proxy",
  "ALL_PROXY",
  "all_proxy",
  "NODE_EXTRA_CA_CERTS",
  "NODE_TLS_REJECT_UNAUTHORIZED",
  "SSL_CERT_FILE",
  "ANTHROPIC_UNIX_SOCKET",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_VERTEX",
  "CLAUDE_CODE_USE_FOUNDRY",
] as const;

const outranking = [
  "ANTHROPIC_AUTH_TOKEN",
  "ANTHROPIC_API_KEY",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "ANTHROPIC_UNIX_SOCKET",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_VERTEX",
  "CLAUDE_CODE_USE_FOUNDRY",
];

/** Claude Code. Its settings: https://code.claude.com/docs/en/settings, `--settings` before a project's. */
export const claude: Agent = {
  program: "claude",
  title: "Claude Code",
  seenIn: "2.1.330",
  npm: { package: "@anthropic-ai/claude-code" },
  runsCommand: true,
  places: {
    databricks: {
      path: "/serving-endpoints/anthropic",
      model: "databricks-claude-sonnet-4-6",
      smallModel: "databricks-claude-haiku-4-5",
    },
  },
  outranking,
  callersFile: ({ args }) => {
    const given = givenSettings(args);
    return given === undefined || given.startsWith("{") ? undefined : given;
  },
  start: (access, call) => {
    const own = callersSettings(call);
    const settings = merge(own ?? {}, claudeSettings(access, call.isWindows), call);
    const set = isCommand(access.key) ? {} : { ANTHROPIC_AUTH_TOKEN: access.key.value };
    const start = { args: withoutSettings(call.args), set, defaults: claudeModels(access) };
    // What others can read in a list of processes has nothing of the caller's in it.
    const isOurs = own === undefined && pinned.every((name) => !call.environment.get(name));
    return isOurs
      ? { ...start, args: ["--settings", JSON.stringify(settings), ...start.args] }
      : { ...start, file: settingsFile(settings) };
  },
};

function settingsFile(settings: JsonObject): NonNullable<AgentStart["file"]> {
  return {
    name: "settings.json",
    text: JSON.stringify(settings),
    told: { option: "--settings" },
  };
}

/** What leads its requests to the model, and makes it ask for a token where that is by a command. */
export function claudeSettings(
  { baseUrl, key }: ModelAccess,
  isWindows: boolean,
): { readonly apiKeyHelper?: string; readonly env: Readonly<Record<string, string>> } {
  const env = { ANTHROPIC_BASE_URL: baseUrl };
  if (!isCommand(key)) return { env };
  return {
    apiKeyHelper: commandLine(key.command, isWindows),
    env: { ...env, CLAUDE_CODE_API_KEY_HELPER_TTL_MS: helperLife },
  };
}

/** It has names for models of three sizes, and the platform others. */
export function claudeModels({ model, smallModel = model }: ModelAddress): Record<string, string> {
  if (model === undefined || smallModel === undefined) return {};
  return {
    ANTHROPIC_MODEL: model,
    ANTHROPIC_DEFAULT_OPUS_MODEL: model,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: smallModel,
  };
}

/** Where the words of the caller's `--settings` stand: its index, and that of its value. */
function settingsAt(args: readonly string[]): { at: number; count: number }[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return args.slice(0, end).flatMap((word, at) => {
    if (word === "--settings") return [{ at, count: 2 }];
    return word.startsWith("--settings=") ? [{ at, count: 1 }] : [];
  });
}

/** The value of `--settings`: JSON, or the path of a file. The last one counts. */
function givenSettings(args: readonly string[]): string | undefined {
  const found = settingsAt(args).at(-1);
  if (found === undefined) return undefined;
  const given = found.count === 2
    ? args[found.at + 1]
    : args[found.at]?.slice("--settings=".length);
  return given?.trim();
}

function withoutSettings(args: readonly string[]): string[] {
  const found = settingsAt(args);
  return args.filter((_, index) =>
    !found.some(({ at, count }) => index >= at && index < at + count)
  );
}

function callersSettings({ args, text }: AgentCall): JsonObject | undefined {
  const given = givenSettings(args);
  if (given === undefined) return undefined;
  const settings = parseObject(text ?? given);
  if (settings !== undefined) return settings;
  throw new FobError("usage", "What claude is given with --settings is no JSON object");
}

/** One `--settings` counts alone, so that the caller's and fob's go together. */
function merge(own: JsonObject, ours: JsonObject, { environment }: AgentCall): JsonObject {
  const ownEnv = objectOf(own["env"]);
  const ourEnv = objectOf(ours["env"]);
  const credential = ["ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY"];
  const clash =
    [...Object.keys(ours), "apiKeyHelper"].find((name) =>
      name !== "env" && own[name] !== undefined
    ) ?? [...Object.keys(ourEnv), ...credential].find((name) => ownEnv[name] !== undefined);
  if (clash !== undefined) {
    throw new FobError(
      "usage",
      `What claude is given with --settings sets "${clash}", as fob would`,
    );
  }
  const pins = Object.fromEntries(pinned.map((name) => [
    name,
    outranking.includes(name) ? "" : environment.get(name) ?? "",
  ]));
  return { ...own, ...ours, env: { ...pins, ...ownEnv, ...ourEnv } };
}
