import type { AgentCall, LocalKey, ModelAccess, TokenCommand } from "../../../src/agents/agent.ts";
import { present } from "../../../src/present.ts";

export const command: TokenCommand = {
  command: ["/opt/my fob/fob", "auth", "token", "work", "-o", "text"],
};
export const localKey: LocalKey = { variable: "FOB_SERVE_KEY", value: "local-key" };

/** A model at an address, with `key` as the way to get a token. */
export function access(key: ModelAccess["key"] = command): ModelAccess {
  return { baseUrl: "https://h.example.com/models", model: "large", smallModel: "small", key };
}

/** A call with `args` in an environment of `variables` alone. */
export function call(
  args: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
  text?: string,
): AgentCall {
  const environment = { get: (name: string): string | undefined => variables[name] };
  return { args, environment, isWindows: false, ...present({ text }) };
}
