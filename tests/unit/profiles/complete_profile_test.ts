import assert from "node:assert/strict";
import { servedProfiles } from "../../../src/databricks/as_profiles.ts";
import { type Choice, chooseCredential } from "../../../src/profiles/choose.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { databricks } from "../../../src/providers/databricks/platform.ts";
import { Secret } from "../../../src/secret.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { noWorkingDirectory } from "../../fakes/machine/working_directory.ts";
import { MemoryStore } from "../../fakes/stores/memory_store.ts";

type Variables = Readonly<Record<string, string>>;

const home = "https://dev.cloud.databricks.com";
const config = `[bare]
host = ${home}
[robot]
host = ${home}
client_id = robot
scopes = jobs
[token]
host = ${home}
auth_type = pat
[person]
host = ${home}
auth_type = databricks-cli
[named]
host = ${home}
client_id = robot
auth_type = env-oidc
oidc_token_env = MY_IDENTITY
audience = mine
[file]
host = ${home}
auth_type = file-oidc
databricks_id_token_filepath = /run/identity
[job]
host = https://accounts.cloud.databricks.com
account_id = a-1
client_id = robot
auth_type = github-oidc
[azure]
host = ${home}
auth_type = azure-cli
`;
const token = { DATABRICKS_TOKEN: "dapi-1" };
const secret = { DATABRICKS_CLIENT_SECRET: "hush" };
const githubJob = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://ci.example", GITHUB_ACTIONS: "true" };

async function choose(
  named: string | undefined,
  variables: Variables,
  store = new MemoryStore(),
): Promise<Choice> {
  const served = { ...servedProfiles(config, "cfg"), provider: "databricks" };
  return await chooseCredential(named, {
    storage: () => Promise.resolve({ store }),
    environment: environmentOf(variables),
    profiles: () => Promise.resolve(new Profiles("", "fob", [served])),
    platforms: [databricks],
    workingDirectory: noWorkingDirectory,
  });
}

/** Returns what is used for the profile: its login, or the token, secret or identity kind of the environment. */
async function answering(named: string, variables: Variables): Promise<string | undefined> {
  const choice = await choose(named, variables);
  if (choice.kind === "profile") return "login";
  if (choice.kind === "environment") return choice.token.reveal();
  return choice.target.clientSecret?.reveal() ?? choice.identity?.kind;
}

Deno.test("a token variable completes a profile without a sign-in method", async () => {
  const choice = await choose("bare", token);
  assert.ok(choice.kind === "environment");
  assert.deepEqual([choice.host, choice.source, choice.token.reveal()], [
    home,
    "DATABRICKS_TOKEN",
    "dapi-1",
  ]);
  assert.equal(await answering("token", token), "dapi-1");
  assert.equal(await answering("named", token), "variable");
  assert.equal(await answering("bare", {}), "login");
  for (const name of ["person", "azure"]) {
    assert.equal(await answering(name, token), "login");
  }
});

Deno.test("variables for another host do not complete a profile", async () => {
  const other = { DATABRICKS_HOST: "https://prod.cloud.databricks.com" };
  assert.equal(await answering("bare", { ...token, ...other }), "login");
  assert.equal(await answering("robot", { ...secret, ...other }), "login");
  assert.equal(await answering("bare", { ...token, DATABRICKS_HOST: home }), "dapi-1");
});

Deno.test("a profile with a client gets its secret from the environment", async () => {
  const choice = await choose("robot", { ...secret, DATABRICKS_CLIENT_ID: "another" });
  assert.ok(choice.kind === "workload");
  const { source, target } = choice;
  assert.equal(source, 'client_id of "robot" in "cfg"');
  assert.deepEqual([target.host, target.clientId, target.clientSecret?.reveal(), target.scopes], [
    home,
    "robot",
    "hush",
    ["jobs"],
  ]);
  assert.equal(await answering("robot", {}), "login");
  assert.equal(await answering("bare", { ...secret, DATABRICKS_CLIENT_ID: "another" }), "hush");
});

Deno.test("a profile selects the workload method", async () => {
  const named = await choose("named", { MY_IDENTITY: "a.b.c", DATABRICKS_OIDC_TOKEN: "d.e.f" });
  assert.ok(named.kind === "workload");
  assert.deepEqual(named.identity, { kind: "variable", name: "MY_IDENTITY" });
  assert.deepEqual([named.audience, named.source], ["mine", 'auth_type of "named" in "cfg"']);
  const file = await choose("file", {});
  assert.ok(file.kind === "workload");
  assert.deepEqual(file.identity, { kind: "file", path: "/run/identity" });
  const job = await choose("job", githubJob);
  assert.ok(job.kind === "workload");
  assert.deepEqual([job.identity?.kind, job.target.accountId], ["github", "a-1"]);
});

Deno.test("a CI job's identity completes only a profile for a workload", async () => {
  assert.equal(await answering("bare", githubJob), "login");
  assert.equal(await answering("robot", githubJob), "github");
});

Deno.test("DATABRICKS_AUTH_TYPE applies to a profile without auth_type", async () => {
  const all = { ...token, ...secret, DATABRICKS_CLIENT_ID: "another" };
  assert.equal(await answering("bare", { ...all, DATABRICKS_AUTH_TYPE: "oauth-m2m" }), "hush");
  assert.equal(
    await answering("bare", { ...all, DATABRICKS_AUTH_TYPE: "databricks-cli" }),
    "login",
  );
  assert.equal(await answering("token", { ...all, DATABRICKS_AUTH_TYPE: "oauth-m2m" }), "dapi-1");
});

Deno.test("a profile from DATABRICKS_CONFIG_PROFILE is completed and provides the host", async () => {
  const named = { DATABRICKS_CONFIG_PROFILE: "robot" };
  const machine = await choose(undefined, { ...named, ...secret });
  assert.equal(machine.source, 'client_id of "robot" in "cfg"');
  const choice = await choose(undefined, { ...named, ...token });
  assert.ok(choice.kind === "environment");
  assert.equal(choice.host, home);
});

Deno.test("a stored login takes precedence over a token variable", async () => {
  const store = new MemoryStore();
  for (const name of ["bare", "token"]) {
    await store.set(`databricks:${name}`, new Secret("kept"));
    assert.equal((await choose(name, token, store)).kind, "profile");
    assert.equal((await choose(name, token)).kind, "environment");
  }
});
