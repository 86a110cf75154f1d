import { FobError } from "../../errors.ts";
import type { Choice } from "../../profiles/choose.ts";
import { chooseTraced } from "../../tokens/token_for_choice.ts";
import type { World } from "../context.ts";
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
  world: World,
): Promise<Choice> {
  if (tokenFile === undefined) return await chooseTraced(named, world);
  const { findTokenPlace, chooseGiven } = await import("../../profiles/token_argument.ts");
  const place = await findTokenPlace(named, world);
  const profile = { provider: "token", ...place, name: place.host ?? "this command" };
  const token = tokenFile === "-"
    ? await readSecret("token", profile, world)
    : secretIn(await readGiven(tokenFile, world), "token", `"${tokenFile}"`);
  return await chooseGiven(token, "--token-file", place, world);
}

/** Another tool's file may be absent; this one was named. */
async function readGiven(path: string, world: World): Promise<string> {
  const text = await (await world.foreignFile(path)).read();
  if (text !== "") return text;
  throw new FobError("usage", `There is no token in "${path}": it is empty, or is not there`);
}
