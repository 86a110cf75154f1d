import { formatTokenJson } from "../../protocols/token_json.ts";
import type { FoundToken } from "../../tokens/token.ts";
import { tokenForProfile } from "../../tokens/token_for_choice.ts";
import { audited } from "../audited.ts";
import { withExpiry } from "../auth/token.ts";
import type { CommandContext } from "../context.ts";
import { tokenNeeds } from "../needs.ts";
import { chooseTarget, readDatabricksProfiles, type Target } from "./choose.ts";
import type { CommandLine } from "./command_line.ts";
import { tokenError } from "./errors.ts";

/** `databricks auth token`: JSON without a line end; the bare token only with the flag `-o text`. */
export async function runToken(line: CommandLine, context: CommandContext): Promise<void> {
  const { flags } = line;
  await context.storage.open({ provider: "databricks" });
  const target = await chooseTarget(line, await readDatabricksProfiles(context), context);
  const found = await tokenAt(target, flags["force-refresh"] ?? false, context);
  context.io.terminal.answer(
    flags.output?.toLowerCase() === "text"
      ? `${found.token.reveal()}\n`
      : formatTokenJson(withExpiry({ ...found, provider: "databricks" }, context)).trimEnd(),
  );
}

/**
 * The token of the stored login of `target`, or of a secret in its section, which Databricks' CLI does not use.
 * Throws the errors of Databricks' CLI.
 */
async function tokenAt(
  { profile, login }: Target,
  force: boolean,
  context: CommandContext,
): Promise<FoundToken> {
  const storage = await context.storage.open({ provider: "databricks" });
  try {
    return await audited(
      "databricks",
      context,
      () => tokenForProfile(profile, { force }, tokenNeeds(context)),
    );
  } catch (error) {
    throw await tokenError(error, { login, force }, storage, context);
  }
}
