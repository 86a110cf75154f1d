import { FobError } from "../../errors.ts";
import { chooseCredential } from "../../profiles/choose.ts";
import type { CommandContext } from "../context.ts";
import { choiceNeeds } from "../needs.ts";
import { askChoice } from "../ui/prompts.ts";

/**
 * Offers a first sign-in if there is no profile and no token, and returns the command to run; `undefined` if the
 * user declines or there is no terminal.
 */
export async function askFirstLogin(
  context: CommandContext,
): Promise<readonly string[] | undefined> {
  const { terminal } = context.io;
  if (!terminal.canAsk || !terminal.outputIsTerminal) return undefined;
  if (!await isNew(context)) return undefined;
  const way = await askChoice(
    "No login is set up. Sign in now?",
    [
      { value: "browser", label: "in the browser" },
      { value: "token", label: "with a pasted token" },
      { value: "", label: "not now" },
    ],
    "fob auth login",
    context,
  );
  if (way === "") return undefined;
  return ["auth", "login", ...way === "token" ? ["--with-token"] : []];
}

/** Whether nothing is set up that could answer. A broken setup is reported by the overview. */
async function isNew(context: CommandContext): Promise<boolean> {
  try {
    await chooseCredential(undefined, choiceNeeds(context));
    return false;
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return error.code === "not_signed_in";
  }
}
