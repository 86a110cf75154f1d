import type { Tool } from "./tool.ts";

/**
 * Every tool that can be connected, by its name on the command line, in the order of the help. Each is loaded
 * alone. The choices of the command, the completions and the tests are generated from this table.
 */
export const tools = {
  git: async () => (await import("./tools/git.ts")).git,
  docker: async () => (await import("./tools/docker.ts")).docker,
  kubectl: async () => (await import("./tools/kubectl.ts")).kubectl,
  terraform: async () => (await import("./tools/terraform.ts")).terraform,
  cargo: async () => (await import("./tools/cargo.ts")).cargo,
  pnpm: async () => (await import("./tools/pnpm.ts")).pnpm,
  databricks: async () => (await import("./tools/databricks.ts")).connectDatabricks,
  claude: async () => (await import("./tools/claude.ts")).connectClaude,
  codex: async () => (await import("./tools/codex.ts")).connectCodex,
  pi: async () => (await import("./tools/pi.ts")).connectPi,
  crush: async () => (await import("./tools/crush.ts")).connectCrush,
  opencode: async () => (await import("./tools/by_exec.ts")).connectOpencode,
  gemini: async () => (await import("./tools/by_exec.ts")).connectGemini,
  copilot: async () => (await import("./tools/by_exec.ts")).connectCopilot,
} satisfies Readonly<Record<string, () => Promise<Tool>>>;

export type ToolName = keyof typeof tools;

/** The names of {@link tools}, in its order. */
export const toolNames: readonly ToolName[] = Object.keys(tools) as ToolName[];
