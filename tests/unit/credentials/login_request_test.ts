import assert from "node:assert/strict";
import { findExisting, profileForLogin } from "../../../src/credentials/login_request.ts";
import { databricksFormat } from "../../../src/databricks/as_profiles.ts";
import { platformFor } from "../../../src/profiles/place.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { astro } from "../../../src/providers/astro.ts";

const api = "https://api.example.com";
const profiles = new Profiles(
  `[work]\nhost = ${api}\nissuer = https://login.example.com\nclient_id = my-app\nscopes = openid\n` +
    "[ci]\nprovider = token\n[api.example.org]\nhost = https://api.example.org\nclient_id = their-app\n" +
    "[a]\nhost = https://many.example\n[b]\nhost = https://many.example\n",
  "config.ini",
);
const work = {
  name: "work",
  provider: "oidc",
  host: api,
  issuer: "https://login.example.com",
  clientId: "my-app",
  scopes: ["openid"],
};

Deno.test("a sign-in to an existing profile finds it by its name or its host", () => {
  for (const named of ["work", "api.example.com", `${api}/`]) {
    assert.deepEqual(profileForLogin({ named }, profiles), work, named);
  }
});

Deno.test("only the options of the request change the profile", () => {
  const changes = { issuer: "https://new.example.com", clientId: "new", scopes: ["email"] };
  assert.deepEqual(profileForLogin({ named: "work", ...changes }, profiles), {
    ...work,
    ...changes,
  });
});

Deno.test("a profile with a new host drops the issuer of the old host", () => {
  const { issuer: _before, ...rest } = work;
  const host = "https://other.example.com";
  assert.deepEqual(profileForLogin({ named: "work", host }, profiles), { ...rest, host });
  const issuer = "https://login.other.example.com";
  assert.deepEqual(profileForLogin({ named: "work", host, issuer }, profiles), {
    ...work,
    host,
    issuer,
  });
});

Deno.test("a new profile has the given name, or the name of its host or issuer", () => {
  assert.deepEqual(profileForLogin({ named: "new", host: api }, profiles), {
    name: "new",
    provider: "oidc",
    host: api,
  });
  const host = "https://new.example.com:8443";
  assert.equal(profileForLogin({ host }, profiles).name, "new.example.com-8443");
  assert.equal(
    profileForLogin({ named: "new.example.com:8443", host }, profiles).name,
    "new.example.com-8443",
  );
  assert.equal(profileForLogin({ issuer: host }, profiles).name, "new.example.com-8443");
});

Deno.test("a sign-in to a host that is also the name of a profile uses that profile", () => {
  const host = "https://api.example.org";
  assert.equal(profileForLogin({ host }, profiles).clientId, "their-app");
  const ciHost = { host: "https://ci", provider: "oidc" };
  assert.throws(() => profileForLogin(ciHost, profiles), { code: "usage" });
});

Deno.test("the URL of a platform's console is replaced by its API", () => {
  const host = "https://cloud.astronomer.io";
  const platform = platformFor(undefined, host, [astro]);
  assert.equal(platform, astro);
  assert.deepEqual(profileForLogin({ named: host, host }, profiles, platform), {
    name: "cloud.astronomer.io",
    provider: "astro",
    host: "https://api.astronomer.io",
  });
  const stage = "https://cloud.astronomer-stage.io";
  assert.equal(platformFor(undefined, stage, [astro]), astro);
  const { host: api } = profileForLogin({ named: stage, host: stage }, profiles, astro);
  assert.equal(api, "https://api.astronomer-stage.io");
});

Deno.test("a sign-in without a name, host or issuer is an error", () => {
  assert.throws(() => profileForLogin({ provider: "token" }, profiles), { code: "usage" });
});

Deno.test("a sign-in cannot change the provider of a profile", () => {
  assert.equal(profileForLogin({ named: "ci" }, profiles).provider, "token");
  for (const [named, provider] of [["ci", "oidc"], ["work", "token"]] as const) {
    assert.throws(() => profileForLogin({ named, provider }, profiles), { code: "usage" });
  }
});

Deno.test("findExisting returns undefined for an unknown name, and throws for an ambiguous host", () => {
  assert.equal(findExisting("new", profiles), undefined);
  assert.equal(findExisting("work", profiles)?.name, "work");
  assert.throws(() => findExisting("many.example", profiles), { code: "usage" });
});

const cloud = {
  id: "databricks",
  title: "Databricks",
  domains: [".cloud.databricks.com"],
  clientId: "databricks-cli",
};
const forge = { id: "forge", title: "Forge", host: "https://api.forge.example" };

Deno.test("a platform is found by its ID or its host name", () => {
  const platforms = [cloud, forge];
  const host = "https://dev.cloud.databricks.com";
  assert.equal(platformFor("forge", host, platforms)?.id, "forge");
  assert.equal(platformFor(undefined, host, platforms)?.id, "databricks");
  for (
    const other of ["https://cloud.databricks.com.example.com", "https://x.example", undefined]
  ) {
    assert.equal(platformFor(undefined, other, platforms), undefined);
  }
});

Deno.test("a Databricks URL may contain the workspace, and an option overrides it", () => {
  const host = "https://dev.cloud.databricks.com/?o=42";
  const expected = {
    name: "new",
    provider: "databricks",
    host: "https://dev.cloud.databricks.com",
    workspaceId: "42",
  };
  assert.deepEqual(
    profileForLogin({ named: "new", host }, profiles, cloud, databricksFormat),
    expected,
  );
  const other = { named: "new", host, workspaceId: "7" };
  assert.equal(profileForLogin(other, profiles, cloud, databricksFormat).workspaceId, "7");
});

Deno.test("a platform with one host needs no --host, and names the new profile", () => {
  assert.deepEqual(profileForLogin({ provider: "forge" }, profiles, forge), {
    name: "forge",
    provider: "forge",
    host: forge.host,
  });
});

Deno.test("a sign-in cannot change the host of a profile in Databricks' own file", () => {
  const theirs = new Profiles("", "config.ini", [{
    provider: "databricks",
    path: ".databrickscfg",
    names: () => ["dev"],
    get: () => ({ name: "dev", provider: "databricks", host: "https://dev.cloud.databricks.com" }),
    forHost: () => undefined,
    authStorage: () => undefined,
    secretOf: () => undefined,
    byDefault: () => undefined,
  }]);
  const host = "https://other.cloud.databricks.com";
  assert.throws(() => profileForLogin({ named: "dev", host }, theirs, cloud), {
    code: "usage",
    message: /^Profile "dev" is for "https:\/\/dev\.cloud\.databricks\.com"/,
  });
  assert.equal(
    profileForLogin({ named: "dev" }, theirs, cloud).host,
    "https://dev.cloud.databricks.com",
  );
});
