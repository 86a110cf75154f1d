/** The real Terraform, with fob as its credentials helper. Run by `deno task interop`. */
import assert from "node:assert/strict";
import { largeRigs } from "../../../scripts/testing/rigs.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { assertUndone, connect } from "../helpers/connect_home.ts";
import { openToolHome, type ToolHome } from "../helpers/tool_home.ts";
import { makeCertificate } from "../login/certificate.ts";

const ignore = (await missingRigs(largeRigs)).includes("terraform");

/** A registry with one module on disk, and Terraform with fob as credentials helper. */
async function openTerraformHome(): Promise<ToolHome> {
  const tls = await makeCertificate();
  const module = await Deno.makeTempDir({ prefix: "fob-module-" });
  await Deno.writeTextFile(`${module}/main.tf`, "");
  const home = await openToolHome({ tls, serve: ({ url }) => answer(url, module) });
  await home.write("cert.pem", tls.cert);
  await home.install("fob");
  const helper = await home.install("terraform-credentials-fob");
  const plugins = `${home.directory}/.terraform.d/plugins`;
  await Deno.mkdir(plugins, { recursive: true });
  await Deno.rename(helper, `${plugins}/terraform-credentials-fob`);
  await home.write(".terraformrc", 'credentials_helper "fob" {}\n');
  await home.write("main.tf", `module "m" {\n  source = "${home.host.authority}/a/b/c"\n}\n`);
  home.cleanups.defer(() => Deno.remove(module, { recursive: true }));
  return home;
}

function answer(url: string, module: string): Response {
  const { pathname } = new URL(url);
  if (pathname === "/.well-known/terraform.json") {
    return Response.json({ "modules.v1": "/modules/" });
  }
  if (pathname === "/modules/a/b/c/versions") {
    return Response.json({ modules: [{ versions: [{ version: "1.0.0" }] }] });
  }
  return new Response(null, { status: 204, headers: { "X-Terraform-Get": `file://${module}` } });
}

function terraform(home: ToolHome, ...words: readonly string[]): ReturnType<ToolHome["run"]> {
  const variables = { SSL_CERT_FILE: `${home.directory}/cert.pem`, CHECKPOINT_DISABLE: "1" };
  return home.run(["terraform", ...words], variables);
}

Deno.test({
  name: "terraform init downloads a module with the profile's token",
  ignore,
  fn: async () => {
    await using home = await openTerraformHome();
    const run = await terraform(home, "init", "-no-color");
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
  },
});

Deno.test({
  name: "terraform logout removes only terraform's own token, and the profile stays signed in",
  ignore,
  fn: async () => {
    await using home = await openTerraformHome();
    const given = await home.write("given", '{"token":"typed"}');
    const { authority, origin } = home.host;
    const store = ["fob", "helper", "terraform", "store", authority];
    assert.equal((await home.run(store, {}, given)).code, 0);
    assert.deepEqual(await home.accounts(), ["oidc:work", `terraform:${origin}`]);
    const run = await terraform(home, "logout", authority);
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual(await home.accounts(), ["oidc:work"]);
  },
});

Deno.test({
  name: "after fob connect terraform, it gets the profile's token, and --undo restores every byte",
  ignore,
  fn: async () => {
    await using home = await openTerraformHome();
    await Deno.remove(`${home.directory}/.terraform.d/plugins/terraform-credentials-fob`);
    await home.write(".terraformrc", "# mine\r\ndisable_checkpoint   = true // odd", 0o644);
    await assertUndone(home, [".terraformrc", ".terraform.d/plugins"], async () => {
      await connect(home, ["terraform"]);
      const run = await terraform(home, "init", "-no-color");
      assert.equal(run.code, 0, run.stdout + run.stderr);
      assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
      assert.match((await connect(home, ["terraform"])).stdout, /already uses fob/);
    }, () => connect(home, ["terraform", "--undo"]));
  },
});

Deno.test({
  name: "after fob connect terraform with a profile, it gets that profile's token",
  ignore,
  fn: async () => {
    await using home = await openTerraformHome();
    await Deno.remove(`${home.directory}/.terraform.d/plugins/terraform-credentials-fob`);
    await Deno.remove(`${home.directory}/.terraformrc`);
    const config = `${home.directory}/.terraformrc`;
    await connect(home, ["terraform", "work"]);
    assert.match(await Deno.readTextFile(config), /args = \["--profile", "work"\]/);
    const run = await terraform(home, "init", "-no-color");
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
    await connect(home, ["terraform", "--undo"]);
    await assert.rejects(Deno.stat(config));
  },
});

Deno.test({
  name: "after fob migrate, terraform gets its former plaintext token from fob",
  ignore,
  fn: async () => {
    await using home = await openTerraformHome();
    await using other = await openTerraformHome();
    const { authority } = other.host;
    const credentials = {
      "a.example.com": { token: "a" },
      [authority]: { token: await other.token() },
    };
    const path = ".terraform.d/credentials.tfrc.json";
    await home.write(path, JSON.stringify({ credentials }, undefined, 2));
    await home.write("main.tf", `module "m" {\n  source = "${authority}/a/b/c"\n}\n`);
    await home.write("cert.pem", await Deno.readTextFile(`${other.directory}/cert.pem`));
    const moved = await home.run(["fob", "migrate", "--from", "terraform", "--remove"]);
    assert.equal(moved.code, 0, moved.stderr);
    const left = JSON.parse(await Deno.readTextFile(`${home.directory}/${path}`));
    assert.deepEqual(left, { credentials: {} });
    const run = await terraform(home, "init", "-no-color");
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual([...new Set(other.host.taken)], [await other.token()]);
  },
});
