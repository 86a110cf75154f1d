import { type Agent, isCommand, type ModelAccess } from "./agent.ts";

/** Milliseconds after which Codex runs the command again. */
const commandLife = 60_000;
/** Milliseconds that Codex waits for the command. */
const patience = 10_000;

/**
 * Codex. `-c` overrides every settings file, including a project's. The last `-c` wins, so the caller's own
 * overrides fob's. Settings: https://developers.openai.com/codex/config-advanced.
 */
export const codex: Agent = {
  program: "codex",
  title: "Codex",
  verifiedVersion: "0.169.0",
  npm: { package: "@openai/codex" },
  runsCommand: true,
  places: { databricks: { path: "/serving-endpoints", model: "databricks-gpt-5-3-codex" } },
  outranking: ["OPENAI_API_KEY", "CODEX_API_KEY", "OPENAI_BASE_URL"],
  start: (access, { args }) => {
    const settings = [`model_provider="fob"`, `model_providers.fob=${codexProvider(access)}`];
    if (access.model !== undefined) settings.push(`model=${tomlString(access.model)}`);
    const set = isCommand(access.key) ? {} : { [access.key.variable]: access.key.value };
    return { args: [...settings.flatMap((it) => ["-c", it]), ...args], set };
  },
};

/** The provider as an inline TOML table, which replaces any other table of that name. */
export function codexProvider({ baseUrl, key }: ModelAccess): string {
  const fields = [`name="fob"`, `base_url=${tomlString(baseUrl)}`, `wire_api="responses"`];
  if (isCommand(key)) fields.push(`auth=${command(key.command)}`);
  else fields.push(`env_key=${tomlString(key.variable)}`);
  return `{${fields.join(",")}}`;
}

function command([program, ...args]: readonly [string, ...string[]]): string {
  const words = args.map(tomlString).join(",");
  return `{command=${
    tomlString(program)
  },args=[${words}],timeout_ms=${patience},refresh_interval_ms=${commandLife}}`;
}

/** `text` as a basic string of TOML, which uses the escapes of JSON. */
export function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\x7f", "\\u007f");
}
