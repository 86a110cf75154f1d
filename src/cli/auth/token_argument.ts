import { FobError } from "../../errors.ts";
import type { Choice } from "../../profiles/choose.ts";
import { chooseTraced } from "../../tokens/token_for_choice.ts";
import type { CommandContext } from "../context.ts";
import { choiceNeeds, findTokenNeeds } from "../needs.ts";
import { parseSecret, readSecret } from "../ui/read_secret.ts";

/** The option with the token of this run. */
export interface TokenFileOption {
  /** `-` for standard input. */
  readonly tokenFile?: string;
}

/**
 * Reads the token of `--token-file`, which is used for this run only. Without the option, chooses a credential
 * by `named` or the usual order.
 *
 * @throws {FobError} `usage` if there is no token; `io_failed`.
 */
export async function chooseOrRead(
  named: string | undefined,
  { tokenFile }: TokenFileOption,
  context: CommandContext,
): Promise<Choice> {
  if (tokenFile === undefined) return await chooseTraced(named, findTokenNeeds(context));
  const { findTokenPlace, chooseTokenArgument } = await import("../../profiles/token_argument.ts");
  const place = await findTokenPlace(named, choiceNeeds(context));
  const profile = { provider: "token", ...place, name: place.host ?? "this command" };
  const token = tokenFile === "-"
    ? await readSecret("token", profile, context)
    : parseSecret(await readGiven(tokenFile, context), "token", `"${tokenFile}"`);
  return await chooseTokenArgument(token, "--token-file", place, choiceNeeds(context));
}

/** Reads the file of `--token-file`, which must exist and must not be empty. */
async function readGiven(path: string, context: CommandContext): Promise<string> {
  const text = await (await context.system.foreignFile(path)).read();
  if (text !== "") return text;
  throw new FobError("usage", `No token in "${path}": the file is empty or does not exist`);
}
