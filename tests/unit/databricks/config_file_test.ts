import assert from "node:assert/strict";
import fc from "fast-check";
import { addressOfProfile, DatabricksProfiles } from "../../../src/databricks/config_file.ts";
import { FobError } from "../../../src/errors.ts";
import { nastyConfig } from "./databricks_config.ts";

function read(text: string): DatabricksProfiles {
  return new DatabricksProfiles(text, "/home/me/.databrickscfg");
}

Deno.test("a profile is read with all its keys, and its secrets are not printed", () => {
  const profile = read(`
[work]
host = https://h.example/?o=7 ; the main one
account_id    = acc
workspace_id  = 12 # ours
auth_type     : databricks-cli
scopes        = jobs,pipelines, clusters
client_id     = app
databricks_cli_path = /usr/bin/fob
token         = s3cret-1
client_secret = 's3cret-2'
password      = "s3cret-3"
custom_key    = kept
`).require("work");
  const { token, clientSecret, password, ...rest } = profile;
  assert.deepEqual(rest, {
    name: "work",
    host: "https://h.example/?o=7",
    accountId: "acc",
    workspaceId: "12",
    authType: "databricks-cli",
    scopes: ["jobs", "pipelines", "clusters"],
    clientId: "app",
    cliPath: "/usr/bin/fob",
  });
  const secrets = [token, clientSecret, password].map((secret) => secret?.reveal());
  assert.deepEqual(secrets, ["s3cret-1", "s3cret-2", "s3cret-3"]);
  assert.doesNotMatch(Deno.inspect(profile) + JSON.stringify(profile), /s3cret/);
  assert.deepEqual(addressOfProfile(profile), {
    host: "https://h.example",
    accountId: "acc",
    workspaceId: "12",
  });
});

Deno.test("only a section with a host or an account is a profile", () => {
  const profiles = read(
    "[DEFAULT]\n[a]\nhost=h\n[b]\naccount_id=x\n[c]\ntoken=t\n[d]\nhost=\n[__settings__]\nhost=h\n",
  );
  assert.deepEqual(profiles.names(), ["a", "b"]);
});

Deno.test("the keys of DEFAULT do not apply to other profiles", () => {
  const profiles = read("[DEFAULT]\nhost=h.example\ntoken=t\n[a]\naccount_id=x\n");
  assert.deepEqual(profiles.get("a"), { name: "a", accountId: "x" });
});

Deno.test("keys above the first header belong to DEFAULT, which can override them", () => {
  assert.equal(read("host=h.example\n[a]\nhost=x\n").get("DEFAULT")?.host, "h.example");
  const again = read("host=old\ntoken=t\n[DEFAULT]\nhost=new\n").get("DEFAULT");
  assert.deepEqual([again?.host, again?.token?.reveal()], ["new", "t"]);
});

Deno.test("the default is default_profile, otherwise DEFAULT if it has a host", () => {
  const text = "[DEFAULT]\nhost=d.example\n[a]\nhost=a.example\n";
  assert.equal(read(text).byDefault()?.name, "DEFAULT");
  assert.equal(read(`${text}[__settings__]\ndefault_profile = a\n`).byDefault()?.name, "a");
  assert.equal(read("[DEFAULT]\naccount_id=x\n[a]\nhost=a.example\n").byDefault(), undefined);
  assert.equal(read("").byDefault(), undefined);
  const lost = read(`${text}[__settings__]\ndefault_profile = gone\n`);
  assert.throws(() => lost.byDefault(), {
    code: "unknown_profile",
    message: 'profile "gone" not found. Available profiles: DEFAULT, a',
  });
});

Deno.test("settings are read, and an empty one counts as not set", () => {
  const profiles = read("[__settings__]\nauth_storage = plaintext\ndefault_profile =\n");
  assert.equal(profiles.setting("auth_storage"), "plaintext");
  assert.equal(profiles.setting("default_profile"), undefined);
});

Deno.test("__settings__ cannot be used as a profile", () => {
  const reserved = {
    code: "usage",
    message: "__settings__ is a reserved section name and cannot be used as a profile",
  };
  assert.throws(() => read("[__settings__]\nhost=h\n").get("__settings__"), reserved);
  const itself = read("[__settings__]\ndefault_profile = __settings__\n");
  assert.throws(() => itself.byDefault(), reserved);
});

Deno.test("workspace_id = none is kept and means no workspace", () => {
  const profile = read("[a]\nhost=h.example\naccount_id=x\nworkspace_id = none\n").require("a");
  assert.equal(profile.workspaceId, "none");
  assert.deepEqual(addressOfProfile(profile), { host: "https://h.example", accountId: "x" });
});

Deno.test("a profile with an invalid host has no address", () => {
  for (const host of ["http://h.example", "a b", "https://u:s3cret@h.example", "h?o=x"]) {
    const profile = read(`[a]\nhost = ${host}\n`).require("a");
    assert.equal(profile.host, host);
    assert.equal(addressOfProfile(profile), undefined);
  }
});

Deno.test("any text can be read, and errors contain no secret", () => {
  fc.assert(fc.property(nastyConfig, fc.constantFrom("a", "DEFAULT", "gone"), (text, name) => {
    const profiles = read(text);
    for (const use of [() => profiles.byDefault(), () => profiles.require(name)]) {
      try {
        use();
      } catch (error) {
        if (!(error instanceof FobError)) throw error;
        assert.doesNotMatch(error.message + JSON.stringify(error.facts), /s3cret/);
      }
    }
    for (const profile of profiles.all()) addressOfProfile(profile);
  }));
});
