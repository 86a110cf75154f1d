import { loginWithToken } from "../../credentials/login.ts";
import { toProfile } from "../../databricks/as_profiles.ts";
import { defaultSection } from "../../databricks/config_file.ts";
import { writeCompute, writeToken } from "../../databricks/edits.ts";
import { readAddress } from "../../databricks/host.ts";
import { accountOf } from "../../profiles/profile.ts";
import { hasScheme, isSecure, parseAddress } from "../../text/address.ts";
import type { World } from "../context.ts";
import { askText } from "../ui/prompts.ts";
import { readSecret } from "../ui/read_secret.ts";
import { readDatabricksProfiles } from "./choose.ts";
import type { CommandLine, Flags } from "./command_line.ts";
import { complaint } from "./errors.ts";
import { pickCluster } from "./pick.ts";

/**
 * `databricks configure`: a profile with a personal access token. Where Databricks' CLI would keep a login in
 * its plain file, the token goes to the profile as it does there; else to the store, from where it is served
 * like a login's.
 */
export async function runConfigure({ flags }: CommandLine, world: World): Promise<void> {
  const { environment } = world;
  const profiles = await readDatabricksProfiles(world);
  const name = flags.profile ?? environment.get("DATABRICKS_CONFIG_PROFILE") ?? defaultSection;
  const stated = profiles.get(name);
  const host = await hostFrom(flags, world);
  const { stated: _replaced, ...known } = stated === undefined
    ? { name }
    : toProfile(stated, profiles.path);
  const profile = { ...known, provider: "databricks", host };
  const { store, locks, chosen } = await world.storage(profile);
  const profileFile = world.profileFile(profile);
  const read = () => readSecret("token", profile, world);
  if (chosen.mode !== "legacy") {
    await loginWithToken(profile, read, { ...world, store, locks, profileFile });
  } else {
    await store.assertWritable(accountOf(profile));
    const token = await read();
    await profileFile.change((text) => writeToken(text, { name, host, token }));
  }
  if (!flags["configure-cluster"]) return;
  const saved = (await readDatabricksProfiles(world)).require(name);
  const cluster = await pickCluster(toProfile(saved, profiles.path), world);
  await profileFile.change((text) => writeCompute(text, name, { cluster }));
}

async function hostFrom({ host }: Flags, world: World): Promise<string> {
  const given = host ?? world.environment.get("DATABRICKS_HOST");
  if (given === undefined && !world.terminal.canAsk) {
    throw complaint("host must be set in non-interactive mode");
  }
  const text = given ?? await askText("Databricks host", "--host URL", world);
  const url = hasScheme(text) ? parseAddress(text) : undefined;
  if (url === undefined || !isSecure(url)) throw complaint("must start with https://");
  return readAddress(text).host;
}
