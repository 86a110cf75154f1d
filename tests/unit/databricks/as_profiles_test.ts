import assert from "node:assert/strict";
import { saveProfile } from "../../../src/credentials/profile_edits.ts";
import { servedPaths, servedProfiles } from "../../../src/databricks/as_profiles.ts";
import { databricksProfiles } from "../../../src/databricks/profile_source.ts";
import { FobError } from "../../../src/errors.ts";
import { chooseProfile, findProfile } from "../../../src/profiles/choose.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { withSources } from "../../../src/profiles/served_profiles.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { noWorkingDirectory } from "../../fakes/machine/working_directory.ts";
import { MemoryUserFile } from "../../fakes/machine/memory_user_file.ts";

const config = `; mine
[DEFAULT]
[dev]
host = https://dev.cloud.databricks.com/?o=42
auth_type = databricks-cli
[acc]
host = https://accounts.cloud.databricks.com
account_id = a-1
[acc2]
host = https://accounts.cloud.databricks.com
account_id = a-2
`;

function profilesOf(own: string, foreign: string): Profiles {
  return new Profiles(own, "config.ini", [
    { ...servedProfiles(foreign, ".databrickscfg"), provider: "databricks" },
  ]);
}

async function chosen(own: string, foreign: string): Promise<string> {
  const profiles = (): Promise<Profiles> => Promise.resolve(profilesOf(own, foreign));
  const needs = { environment: environmentOf({}), profiles, workingDirectory: noWorkingDirectory };
  return (await chooseProfile(needs)).name;
}

Deno.test("Databricks profiles are found by name, after fob's own, with host and workspace", () => {
  const profiles = profilesOf("[dev2]\n[acc]\nprovider = token\n", config);
  assert.deepEqual(profiles.names(), ["dev2", "acc", "dev", "acc2"]);
  assert.deepEqual(findProfile("dev", profiles), {
    name: "dev",
    provider: "databricks",
    host: "https://dev.cloud.databricks.com",
    workspaceId: "42",
  });
  assert.equal(findProfile("acc", profiles).provider, "token");
});

Deno.test("a host finds the profile of its account, or an error with several names", () => {
  const profiles = profilesOf("", config);
  const host = "https://accounts.cloud.databricks.com";
  assert.equal(findProfile(`${host}?account_id=a-2`, profiles).name, "acc2");
  assert.equal(findProfile("dev.cloud.databricks.com", profiles).name, "dev");
  assert.throws(() => findProfile(host, profiles), { code: "usage", message: /acc and acc2/ });
  assert.throws(() => findProfile("https://no.cloud.databricks.com", profiles), {
    code: "unknown_profile",
  });
});

Deno.test("the default of .databrickscfg is used only if fob has no profiles", async () => {
  const withDefault = `${config}[__settings__]\ndefault_profile = acc2\n`;
  assert.equal(await chosen("", withDefault), "acc2");
  assert.equal(await chosen("[mine]\n", withDefault), "mine");
  assert.equal(await chosen("[__settings__]\ndefault_profile = dev\n[mine]\n", withDefault), "dev");
  assert.equal(await chosen("", "[only]\nhost = https://h.example\n"), "only");
  assert.equal(
    await chosen("", "[DEFAULT]\nhost = https://h.example\n[b]\nhost = https://b.example"),
    "DEFAULT",
  );
  await assert.rejects(chosen("", config), { code: "usage" });
});

Deno.test("an unreadable .databrickscfg fails only a lookup that fob's own profiles do not answer", async () => {
  const broken = Object.assign(new MemoryUserFile(""), { source: databricksProfiles });
  broken.read = () => Promise.reject(new FobError("config_invalid", "it is a directory"));
  const profiles = await withSources(new Profiles("[mine]\n", "config.ini"), [broken]);
  assert.equal(findProfile("mine", profiles).name, "mine");
  assert.deepEqual(profiles.names(), ["mine"]);
  assert.throws(() => findProfile("dev", profiles), { code: "config_invalid" });
});

Deno.test("a login is written like Databricks' CLI does, changes no other byte, and can be undone", async () => {
  const file = Object.assign(new MemoryUserFile(config), { source: databricksProfiles });
  const profile = {
    name: "new",
    provider: "databricks",
    host: "https://new.cloud.databricks.com",
    workspaceId: "7",
  };
  const takeBack = await saveProfile(profile, file);
  const added =
    "host = https://new.cloud.databricks.com\nworkspace_id = 7\nauth_type = databricks-cli";
  assert.equal(await file.read(), `${config}\n[new]\n${added}\n`);
  await takeBack();
  assert.equal(await file.read(), config);
});

Deno.test("databricks_cli_path is read from every profile", () => {
  const text =
    "[a]\nhost = https://a.example\ndatabricks_cli_path = /opt/fob\n[b]\nhost = https://b.example\n";
  assert.deepEqual(servedPaths(text), ["/opt/fob"]);
});

Deno.test("a secret in the file is used if auth_type selects it or is absent", () => {
  const token = "token = dapi";
  const client = "client_id = robot\nclient_secret = hush";
  const cases: [string, string | undefined][] = [
    [token, "dapi"],
    [client, "hush of robot"],
    [`${token}\n${client}`, "dapi"],
    [`${token}\n${client}\nauth_type = pat`, "dapi"],
    [`${token}\n${client}\nauth_type = oauth-m2m`, "hush of robot"],
    [`${token}\nauth_type = oauth-m2m`, undefined],
    [`${token}\nauth_type = databricks-cli`, undefined],
    [`${client}\nauth_type = azure-cli`, undefined],
    // The SDKs try basic authentication before a client secret, and fob does not support it.
    [`${client}\nusername = ada\npassword = hush`, undefined],
    ["client_id = robot", undefined],
    ["client_secret = hush", undefined],
    ["token =", undefined],
  ];
  for (const [keys, expected] of cases) {
    const profiles = profilesOf("", `[p]\nhost = https://p.cloud.databricks.com\n${keys}\n`);
    const profile = findProfile("p", profiles);
    const client = profile.configFile?.clientId;
    const found = profiles.secretOf(profile)?.reveal();
    assert.equal(found && found + (client === undefined ? "" : ` of ${client}`), expected, keys);
    assert.equal(profile.configFile?.path, expected && ".databrickscfg", keys);
  }
});

Deno.test("one of fob's own profiles does not use the secret of a Databricks profile with its name", () => {
  const theirs = "[p]\nhost = https://p.cloud.databricks.com\ntoken = dapi\n";
  const profiles = profilesOf("[p]\nhost = https://other.example\n", theirs);
  assert.equal(findProfile("p", profiles).configFile, undefined);
  assert.equal(profiles.secretOf(findProfile("p", profiles)), undefined);
});
