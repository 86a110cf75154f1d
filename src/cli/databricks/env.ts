import { Secret } from "../../secret.ts";
import type { CommandContext } from "../context.ts";
import { asJson } from "../ui/answer.ts";
import { readDatabricksProfiles } from "./choose.ts";
import type { CommandLine } from "./command_line.ts";
import { readSettings, reportSecrets } from "./settings.ts";

/** The prefix of the variables that Databricks' tools read the attributes from. */
const prefix = "DATABRICKS_";

/** `databricks auth env`: the attributes of a profile as variables, with secrets of the file in plaintext. */
export async function runEnv({ flags }: CommandLine, context: CommandContext): Promise<void> {
  const { io: { terminal }, system: { environment } } = context;
  terminal.say(
    "Warning: 'databricks auth env' is deprecated and will be removed in a future release.",
  );
  const settings = await reportSecrets(
    context,
    async () => readSettings(flags.profile, await readDatabricksProfiles(context), environment),
  );
  const env = Object.fromEntries(
    settings.attributes.map(({ name, value }) => [
      name === "profile" ? `${prefix}CONFIG_PROFILE` : `${prefix}${name.toUpperCase()}`,
      value instanceof Secret ? value.reveal() : value,
    ]),
  );
  terminal.answer(asJson({ env }));
}
