import type { Agent } from "./agent.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { copilot } from "./copilot.ts";
import { crush } from "./crush.ts";
import { gemini } from "./gemini.ts";
import { opencode } from "./opencode.ts";
import { pi } from "./pi.ts";

/** The registry of coding agents, by the name of the program. */
export const agents = { claude, codex, opencode, gemini, copilot, pi, crush } satisfies Readonly<
  Record<string, Agent>
>;

/** The name of an agent's program. */
export type AgentName = keyof typeof agents;

/** The agent that `command` starts; `command` is a name or a path. */
export function findAgent(command: string, isWindows: boolean): Agent | undefined {
  const name = command.slice(command.search(isWindows ? /[^\\/:]*$/ : /[^/]*$/));
  const program = isWindows ? name.replace(/\.(exe|cmd|bat)$/i, "").toLowerCase() : name;
  return Object.values(agents).find((agent) => agent.program === program);
}
