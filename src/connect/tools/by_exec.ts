import { FobError } from "../../errors.ts";
import type { Tool } from "../tool.ts";

/** Agents without a setting for a token command. They must be started by `fob exec`. */
function startedByFob(tool: string): Tool {
  return {
    tool,
    takesAnyAddress: true,
    connect: ({ profile }) => {
      const words = ["fob", "exec", ...profile === undefined ? [] : [profile], "--", tool];
      throw new FobError("declined", `${tool} has no setting for a token command`, {
        facts: { instead: words.join(" ") },
      });
    },
  };
}

export const connectOpencode: Tool = startedByFob("opencode");
export const connectGemini: Tool = startedByFob("gemini");
export const connectCopilot: Tool = startedByFob("copilot");
