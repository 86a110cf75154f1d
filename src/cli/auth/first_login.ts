import type { CommandContext } from "../context.ts";
import { askChoice } from "../ui/prompts.ts";

/**
 * The command that a person wants first, where nothing is set up and there is somebody to ask;
 * `undefined` for none.
 */
export async function askFirstLogin(
  context: CommandContext,
): Promise<readonly string[] | undefined> {
  const { io: { terminal }, system: { environment }, providers: { platforms } } = context;
  if (!terminal.canAsk || !terminal.outputIsTerminal) return undefined;
  const tokens = ["API_TOKEN", ...platforms.flatMap(({ variables }) => variables?.token ?? [])];
  if (tokens.some((name) => environment.get(name) !== undefined)) return undefined;
  if ((await context.storage.profiles()).names().length > 0) return undefined;
  const way = await askChoice(
    "No login is set up. Sign in now?",
    [
      { value: "browser", label: "in the browser" },
      { value: "token", label: "with a token that you paste" },
      { value: "", label: "not now" },
    ],
    "fob auth login",
    context,
  );
  if (way === "") return undefined;
  return ["auth", "login", ...way === "token" ? ["--with-token"] : []];
}
