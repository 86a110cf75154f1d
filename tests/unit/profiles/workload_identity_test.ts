import assert from "node:assert/strict";
import { chooseCredential } from "../../../src/profiles/choose.ts";
import { Profiles } from "../../../src/profiles/profile_file.ts";
import { chooseWorkload, type WorkloadChoice } from "../../../src/profiles/workload_identity.ts";
import { databricks } from "../../../src/providers/databricks/platform.ts";
import { github } from "../../../src/providers/github.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { noWorkingDirectory } from "../../fakes/machine/working_directory.ts";

type Variables = Readonly<Record<string, string>>;

const host = { DATABRICKS_HOST: "https://work.example" };
const client = { ...host, DATABRICKS_CLIENT_ID: "robot" };
const secret = { ...client, DATABRICKS_CLIENT_SECRET: "hush" };
const githubJob = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://ci.example", GITHUB_ACTIONS: "true" };
const azureJob = { SYSTEM_ACCESSTOKEN: "hush", TF_BUILD: "True" };
const variable = { DATABRICKS_OIDC_TOKEN: "a.b.c" };
const file = { DATABRICKS_OIDC_TOKEN_FILEPATH: "/run/identity" };

function choose(variables: Variables, otherwise = { isLogin: false }): WorkloadChoice | undefined {
  return chooseWorkload(databricks, environmentOf(variables), otherwise);
}

/** Returns the kind of identity or the client secret, and the variable that selected it. */
function methodOf(variables: Variables, isLogin = false): readonly unknown[] {
  const choice = choose(variables, { isLogin });
  return [choice?.identity?.kind ?? choice?.target.clientSecret?.reveal(), choice?.source];
}

Deno.test("the first workload method with all its variables set is used", () => {
  const all = { ...secret, ...githubJob, ...azureJob, ...variable, ...file };
  const { DATABRICKS_CLIENT_SECRET: _secret, ...unsecret } = all;
  const { ACTIONS_ID_TOKEN_REQUEST_URL: _url, ...ungithub } = unsecret;
  const { SYSTEM_ACCESSTOKEN: _token, ...unazure } = ungithub;
  const { DATABRICKS_OIDC_TOKEN: _oidc, ...onlyFile } = unazure;
  assert.deepEqual(methodOf(all), ["hush", "DATABRICKS_CLIENT_ID"]);
  assert.deepEqual(methodOf(unsecret), ["github", "ACTIONS_ID_TOKEN_REQUEST_URL"]);
  assert.deepEqual(methodOf(ungithub), ["azure", "SYSTEM_ACCESSTOKEN"]);
  assert.deepEqual(methodOf(unazure), ["variable", "DATABRICKS_OIDC_TOKEN"]);
  assert.deepEqual(methodOf(onlyFile), ["file", "DATABRICKS_OIDC_TOKEN_FILEPATH"]);
});

Deno.test("DATABRICKS_AUTH_TYPE allows only its method, and an unknown one selects none", () => {
  const all = { ...secret, ...githubJob, ...variable, ...file };
  for (
    const [name, kind] of [
      ["oauth-m2m", "hush"],
      ["github-oidc", "github"],
      ["azure-devops-oidc", "azure"],
      ["env-oidc", "variable"],
      ["file-oidc", "file"],
    ] as const
  ) {
    assert.deepEqual(methodOf({ ...all, DATABRICKS_AUTH_TYPE: name }), [
      kind,
      "DATABRICKS_AUTH_TYPE",
    ]);
  }
  for (const name of ["pat", "databricks-cli", "azure-cli"]) {
    assert.equal(choose({ ...all, DATABRICKS_AUTH_TYPE: name }), undefined);
  }
});

Deno.test("a CI job signs in to Databricks only with DATABRICKS_HOST", () => {
  assert.equal(choose(githubJob), undefined);
  assert.equal(choose(azureJob), undefined);
  assert.equal(choose({ ...client, DATABRICKS_HOST: "", ...githubJob }), undefined);
});

Deno.test("a client ID alone selects the CI job's identity only without a profile", () => {
  for (
    const [mark, kind] of [
      ["GITHUB_ACTIONS", "github"],
      ["TF_BUILD", "azure"],
      ["GITLAB_CI", "variable"],
    ] as const
  ) {
    assert.deepEqual(methodOf({ ...client, [mark]: "true" }), [kind, "DATABRICKS_CLIENT_ID"]);
    assert.equal(choose({ ...client, [mark]: "true" }, { isLogin: true }), undefined);
  }
  assert.throws(() => choose(client), {
    code: "usage",
    message: /DATABRICKS_CLIENT_SECRET or .*DATABRICKS_OIDC_TOKEN .*is not set$/,
  });
  assert.equal(choose(client, { isLogin: true }), undefined);
  assert.equal(choose({ ...host, GITHUB_ACTIONS: "true" }), undefined);
});

Deno.test("the error for an incomplete method names the variable", () => {
  const { DATABRICKS_HOST: _host, ...homeless } = secret;
  assert.throws(() => choose(homeless), { message: /DATABRICKS_HOST is not set$/ });
  for (const [name, missing] of [["oauth-m2m", /SECRET/], ["file-oidc", /FILEPATH/]] as const) {
    const forced = { ...client, DATABRICKS_AUTH_TYPE: name };
    assert.throws(() => choose(forced), { code: "usage", message: missing });
  }
});

Deno.test("the host is the environment's, otherwise the profile's", () => {
  const { DATABRICKS_HOST: _host, ...homeless } = secret;
  const otherwise = { isLogin: true, host: "https://login.example" };
  assert.equal(choose(homeless, otherwise)?.target.host, "https://login.example");
  assert.equal(choose(secret, otherwise)?.target.host, "https://work.example");
});

Deno.test("an empty variable counts as not set", () => {
  assert.deepEqual(
    methodOf({ ...secret, DATABRICKS_CLIENT_SECRET: " ", ...variable })[0],
    "variable",
  );
  assert.deepEqual(methodOf({ ...secret, DATABRICKS_AUTH_TYPE: "" })[0], "hush");
});

async function chosenBy(variables: Variables, profiles = "", named?: string): Promise<string> {
  const choice = await chooseCredential(named, {
    environment: environmentOf(variables),
    profiles: () => Promise.resolve(new Profiles(profiles, "config.ini")),
    platforms: [databricks, github],
    workingDirectory: noWorkingDirectory,
  });
  return `${choice.kind} ${choice.kind === "profile" ? choice.profile.name : choice.source}`;
}

Deno.test("a workload sign-in comes after names and tokens, and before profiles of its platform", async () => {
  const work = "[work]\nprovider = databricks\nhost = https://work.example\n";
  const other = "[other]\nprovider = github\n";
  const token = { DATABRICKS_TOKEN: "t-1" };
  assert.equal(await chosenBy(secret, work, "work"), "profile work");
  assert.equal(await chosenBy({ ...secret, API_TOKEN: "t-0" }), "environment API_TOKEN");
  assert.equal(await chosenBy({ ...secret, ...token }, work), "environment DATABRICKS_TOKEN");
  assert.equal(await chosenBy(secret, work), "workload DATABRICKS_CLIENT_ID");
  assert.equal(await chosenBy(secret, other), "profile other");
  assert.equal(await chosenBy({ ...secret, GH_TOKEN: "t-2" }), "workload DATABRICKS_CLIENT_ID");
  assert.equal(await chosenBy({ ...host, GH_TOKEN: "t-2" }), "environment GH_TOKEN");
});

Deno.test("a token variable is used unless DATABRICKS_AUTH_TYPE selects another method", async () => {
  const both = { ...secret, DATABRICKS_TOKEN: "t-1" };
  for (const [name, chosen] of [["pat", "environment"], ["oauth-m2m", "workload"]] as const) {
    assert.match(await chosenBy({ ...both, DATABRICKS_AUTH_TYPE: name }), RegExp(`^${chosen}`));
  }
  const login = { ...both, DATABRICKS_AUTH_TYPE: "databricks-cli" };
  assert.equal(await chosenBy(login, "[work]\nprovider = databricks\n"), "profile work");
});
