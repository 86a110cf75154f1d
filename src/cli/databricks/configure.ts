import { loginWithToken } from "../../credentials/login.ts";
import { toProfile } from "../../databricks/as_profiles.ts";
import { defaultSection } from "../../databricks/config_file.ts";
import { writeCompute, writeToken } from "../../databricks/edits.ts";
import { readAddress } from "../../databricks/host.ts";
import { accountOf } from "../../profiles/profile.ts";
import { hasScheme, isSecure, parseAddress } from "../../text/address.ts";
import type { CommandContext } from "../context.ts";
import { keepNeeds } from "../needs.ts";
import { askText } from "../ui/prompts.ts";
import { readSecret } from "../ui/read_secret.ts";
import { readDatabricksProfiles } from "./choose.ts";
import type { CommandLine, Flags } from "./command_line.ts";
import { databricksError } from "./errors.ts";
import { pickCluster } from "./pick.ts";

/**
 * `databricks configure`: a profile with a personal access token. In the storage mode `legacy`, the token is
 * written into the profile, as Databricks' CLI does. Otherwise it is stored like the token of a login.
 */
export async function runConfigure({ flags }: CommandLine, context: CommandContext): Promise<void> {
  const { system: { environment } } = context;
  const profiles = await readDatabricksProfiles(context);
  const name = flags.profile ?? environment.get("DATABRICKS_CONFIG_PROFILE") ?? defaultSection;
  const fileProfile = profiles.get(name);
  const host = await hostFrom(flags, context);
  const { configFile: _replaced, ...known } = fileProfile === undefined
    ? { name }
    : toProfile(fileProfile, profiles.path);
  const profile = { ...known, provider: "databricks", host };
  const storage = await context.storage.open(profile);
  const { store, chosen } = storage;
  const needs = keepNeeds(profile, storage, context);
  const { profileFile } = needs;
  const read = () => readSecret("token", profile, context);
  if (chosen.mode !== "legacy") {
    await loginWithToken(profile, read, needs);
  } else {
    await store.assertWritable(accountOf(profile));
    const token = await read();
    await profileFile.change((text) => writeToken(text, { name, host, token }));
  }
  if (!flags["configure-cluster"]) return;
  const saved = (await readDatabricksProfiles(context)).require(name);
  const cluster = await pickCluster(toProfile(saved, profiles.path), context);
  await profileFile.change((text) => writeCompute(text, name, { cluster }));
}

async function hostFrom({ host }: Flags, context: CommandContext): Promise<string> {
  const given = host ?? context.system.environment.get("DATABRICKS_HOST");
  if (given === undefined && !context.io.terminal.canAsk) {
    throw databricksError("host must be set in non-interactive mode");
  }
  const text = given ?? await askText("Databricks host", "--host URL", context);
  const url = hasScheme(text) ? parseAddress(text) : undefined;
  if (url === undefined || !isSecure(url)) throw databricksError("must start with https://");
  return readAddress(text).host;
}
