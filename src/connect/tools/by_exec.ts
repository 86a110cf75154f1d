import { FobError } from "../../errors.ts";
import type { Tool } from "../tool.ts";

/** Agents that nothing in a file makes ask for a token: started by fob, they have what they need. */
function startedByFob(tool: string): Tool {
  return {
    tool,
    takesAnyAddress: true,
    connect: ({ profile }) => {
      const words = ["fob", "exec", ...profile === undefined ? [] : [profile], "--", tool];
      throw new FobError("declined", `No setting makes ${tool} ask for its tokens`, {
        facts: { instead: words.join(" ") },
      });
    },
  };
}

export const connectOpencode: Tool = startedByFob("opencode");
export const connectGemini: Tool = startedByFob("gemini");
export const connectCopilot: Tool = startedByFob("copilot");
