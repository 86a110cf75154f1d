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

/** Milliseconds after which Claude Code runs its helper again. It may use the previous token once more. */
const helperLife = "60000";

/**
 * Variables that a project's settings could use to redirect requests. fob sets them on the command line, which
 * overrides a project. Setting the address alone is not enough: a proxy would see the token too.
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

/** Claude Code. Settings: https://code.claude.com/docs/en/settings. `--settings` overrides a project's. */
export const claude: Agent = {
  program: "claude",
  title: "Claude Code",
  verifiedVersion: "2.1.330",
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
    // Other users can read arguments in the list of processes, so the caller's settings go into a file.
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
    passedBy: { option: "--settings" },
  };
}

/** The settings for the address of the model and, if `key` is a command, for the helper that prints a token. */
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

/** Maps Claude Code's three model names to the names of the platform. */
export function claudeModels({ model, smallModel = model }: ModelAddress): Record<string, string> {
  if (model === undefined || smallModel === undefined) return {};
  return {
    ANTHROPIC_MODEL: model,
    ANTHROPIC_DEFAULT_OPUS_MODEL: model,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: smallModel,
  };
}

/** Each `--settings` in `args`: its index, and how many words it takes. */
function settingsAt(args: readonly string[]): { at: number; count: number }[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return args.slice(0, end).flatMap((word, at) => {
    if (word === "--settings") return [{ at, count: 2 }];
    return word.startsWith("--settings=") ? [{ at, count: 1 }] : [];
  });
}

/** The value of the last `--settings`: JSON, or the path of a file. */
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
  throw new FobError("usage", "The value of claude --settings is not a JSON object");
}

/** Merges the caller's settings with fob's, because Claude Code reads only one `--settings`. */
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
      `The value of claude --settings sets "${clash}", which fob must set`,
    );
  }
  const pins = Object.fromEntries(pinned.map((name) => [
    name,
    outranking.includes(name) ? "" : environment.get(name) ?? "",
  ]));
  return { ...own, ...ours, env: { ...pins, ...ownEnv, ...ourEnv } };
}
