import { settingsSection } from "../../databricks/config_file.ts";
import { setDefaultProfile } from "../../databricks/edits.ts";
import type { CommandContext } from "../context.ts";
import { askChoice } from "../ui/prompts.ts";
import { readDatabricksProfiles } from "./choose.ts";
import type { CommandLine } from "./command_line.ts";
import { databricksError } from "./errors.ts";

/** `databricks auth switch`: sets the default profile of Databricks' tools. */
export async function runSwitch({ flags }: CommandLine, context: CommandContext): Promise<void> {
  const profiles = await readDatabricksProfiles(context);
  const names = profiles.names();
  const { profile } = flags;
  if (profile === undefined && !context.io.terminal.canAsk) {
    throw databricksError(
      "the command is being run in a non-interactive environment, " +
        "please specify a profile using --profile",
    );
  }
  const choices = names.map((name) => ({ value: name, label: name }));
  const name = profile ??
    await askChoice("Select a profile to set as default", choices, "--profile", context);
  if (name === settingsSection) {
    throw databricksError(`profile name "${settingsSection}" is reserved for internal use`);
  }
  if (!names.includes(name)) throw databricksError(`profile "${name}" not found`);
  const file = context.storage.profileFile({ provider: "databricks" });
  await file.change((text) => setDefaultProfile(text, name));
  context.io.terminal.say(`Default profile set to "${name}".`);
}
