import { FobError } from "../../errors.ts";
import { formatTokenJson, type TokenAnswer } from "../../protocols/token_json.ts";
import { answerOf, askedAgain } from "../auth_token.ts";
import type { World } from "../world.ts";
import { chooseTarget, readDatabricksProfiles, type Target } from "./choose.ts";
import type { CommandLine } from "./command_line.ts";
import { complaint, tokenComplaint } from "./errors.ts";

/** `databricks auth token`: JSON without a line end; the bare token where `-o text` is said, and only there. */
export async function runToken(line: CommandLine, world: World): Promise<void> {
  const { flags } = line;
  await world.storage({ provider: "databricks" });
  const target = chooseTarget(line, await readDatabricksProfiles(world), world);
  const token = await tokenAt(target, flags["force-refresh"] ?? false, world);
  world.terminal.answer(
    flags.output?.toLowerCase() === "text"
      ? `${token.accessToken}\n`
      : formatTokenJson(askedAgain({ ...token, provider: "databricks" }, world)).trimEnd(),
  );
}

/** The token of what is kept for `target`; errors are those of Databricks' CLI. */
export async function tokenAt(
  { profile, stated, login }: Target,
  force: boolean,
  world: World,
): Promise<TokenAnswer> {
  const storage = await world.storage({ provider: "databricks" });
  try {
    return await answerOf(profile, { force }, world);
  } catch (error) {
    const isMissing = error instanceof FobError && error.code === "not_signed_in";
    if (isMissing && stated?.clientId !== undefined && stated.clientSecret !== undefined) {
      throw complaint(
        `profile "${profile.name}" uses M2M authentication (client_id/client_secret). ` +
          "`databricks auth token` only supports U2M (user-to-machine) authentication tokens. " +
          "To authenticate as a service principal, use the Databricks SDK directly",
      );
    }
    throw await tokenComplaint(error, { login, force }, storage, world);
  }
}
