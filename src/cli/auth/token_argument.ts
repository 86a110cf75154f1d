import { FobError } from "../../errors.ts";
import type { Choice } from "../../profiles/choose.ts";
import { chooseTraced } from "../../tokens/token_for_choice.ts";
import type { CommandContext } from "../context.ts";
import { choiceNeeds, findTokenNeeds } from "../needs.ts";
import { readSecret, secretIn } from "../ui/read_secret.ts";

/** Where the token of a run is, if it is given. */
export interface TokenFileOption {
  /** `-` for standard input. */
  readonly tokenFile?: string;
}

/**
 * The token that is given for this run alone, read once; or else the credential that `named` or the usual
 * order chooses.
 *
 * @throws {FobError} `usage` for what holds no token; `io_failed`.
 */
export async function chooseOrRead(
  named: string | undefined,
  { tokenFile }: TokenFileOption,
  context: CommandContext,
): Promise<Choice> {
  if (tokenFile === undefined) return await chooseTraced(named, findTokenNeeds(context));
  const { findTokenPlace, chooseGiven } = await import("../../profiles/token_argument.ts");
  const place = await findTokenPlace(named, choiceNeeds(context));
  const profile = { provider: "token", ...place, name: place.host ?? "this command" };
  const token = tokenFile === "-"
    ? await readSecret("token", profile, context)
    : secretIn(await readGiven(tokenFile, context), "token", `"${tokenFile}"`);
  return await chooseGiven(token, "--token-file", place, choiceNeeds(context));
}

/** Another tool's file may be absent; this one was named. */
async function readGiven(path: string, context: CommandContext): Promise<string> {
  const text = await (await context.system.foreignFile(path)).read();
  if (text !== "") return text;
  throw new FobError("usage", `There is no token in "${path}": it is empty, or is not there`);
}
