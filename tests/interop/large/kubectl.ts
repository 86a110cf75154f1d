/** The real kubectl, which `KUBECTL` may name, with fob as its exec credential plugin. Run by `deno task interop`. */
import assert from "node:assert/strict";
import { largeRigs } from "../../../scripts/testing/rigs.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { assertUndone, connect } from "../helpers/connect_home.ts";
import { openToolHome, type ToolHome } from "../helpers/tool_home.ts";
import { makeCertificate } from "../login/certificate.ts";

const ignore = (await missingRigs(largeRigs)).includes("kubectl");

interface Plugin {
  readonly provideClusterInfo: boolean;
  readonly args: readonly string[];
}

/** An API server that returns its version, and kubectl with fob as credential plugin. */
async function openCluster({ provideClusterInfo, args }: Plugin): Promise<ToolHome> {
  const tls = await makeCertificate();
  const home = await openToolHome({ tls, serve: () => Response.json({ gitVersion: "v1.0" }) });
  await home.write(".kube/config", JSON.stringify(configOf(home, provideClusterInfo, args)));
  await home.install("fob");
  return home;
}

function configOf(home: ToolHome, provideClusterInfo: boolean, args: readonly string[]): unknown {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "fob",
    args: ["helper", "kubectl", ...args],
    interactiveMode: "Never",
    provideClusterInfo,
  };
  const cluster = { server: home.host.origin, "insecure-skip-tls-verify": true };
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user: { exec } }],
  };
}

function getVersion(home: ToolHome): ReturnType<ToolHome["run"]> {
  return home.run([Deno.env.get("KUBECTL") ?? "kubectl", "get", "--raw", "/version"]);
}

Deno.test({
  name: "kubectl sends the token of the profile for the cluster's server",
  ignore,
  fn: async () => {
    await using home = await openCluster({ provideClusterInfo: true, args: [] });
    const run = await getVersion(home);
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(home.host.taken, [await home.token()]);
  },
});

Deno.test({
  name: "without cluster information, kubectl gets the token of a named profile, or none",
  ignore,
  fn: async () => {
    const args = ["--profile", "work"];
    await using home = await openCluster({ provideClusterInfo: false, args });
    assert.equal((await getVersion(home)).code, 0);
    await using unnamed = await openCluster({ provideClusterInfo: false, args: [] });
    const run = await getVersion(unnamed);
    assert.notEqual(run.code, 0);
    assert.match(run.stderr, /fob: The request contains no host/);
    assert.deepEqual(unnamed.host.sent, []);
  },
});

Deno.test({
  name: "a token that the server refuses fails one command, and kubectl then gets a new one",
  ignore,
  fn: async () => {
    await using home = await openCluster({ provideClusterInfo: true, args: [] });
    const first = await home.token();
    home.host.refused.add(first);
    const failed = await getVersion(home);
    assert.notEqual(failed.code, 0);
    assert.equal(home.login.server.count("refresh_token"), 1);
    const recovered = await getVersion(home);
    assert.equal(recovered.code, 0, recovered.stderr);
    assert.equal(home.login.server.count("refresh_token"), 1);
    assert.deepEqual(home.host.taken, [await home.token()]);
  },
});

Deno.test({
  name: "after fob connect kubectl, it gets the profile's token, and --undo restores every byte",
  ignore,
  fn: async () => {
    await using home = await openCluster({ provideClusterInfo: true, args: [] });
    const config = `# mine
kind: Config
apiVersion: v1
current-context: c
contexts: [ {name: c, context: {cluster: c, user: ada}} ]   # odd
clusters:
  - { name: c, cluster: { server: "${home.host.origin}", insecure-skip-tls-verify: true } }
users:
- name: ada
  user: { token: theirs }`;
    await home.write(".kube/config", config, 0o600);
    const named = Deno.env.get("KUBECTL");
    if (named !== undefined) await Deno.symlink(named, `${home.directory}/bin/kubectl`);
    await assertUndone(home, [".kube/config"], async () => {
      const done = await connect(home, ["kubectl"]);
      assert.match(done.stdout, /kubectl config set-context c --user=fob\n/);
      const run = await getVersion(home);
      assert.equal(run.code, 0, run.stderr);
      assert.deepEqual(home.host.taken, [await home.token()]);
      assert.match((await connect(home, ["kubectl"])).stdout, /already uses fob/);
    }, () => connect(home, ["kubectl", "--undo"]));
    await connect(home, ["kubectl"]);
    const kubectl = Deno.env.get("KUBECTL") ?? "kubectl";
    await home.run([kubectl, "config", "set-context", "other", "--cluster=c", "--user=ada"]);
    await connect(home, ["kubectl", "--undo"]);
    const view = await home.run([kubectl, "config", "view", "-o", "json", "--raw"]);
    const { users, contexts } = JSON.parse(view.stdout);
    assert.deepEqual(users.map((it: { name: string }) => it.name), ["ada"]);
    assert.deepEqual(
      contexts.map((it: { name: string; context: object }) => [it.name, it.context]),
      [["c", { cluster: "c", user: "ada" }], ["other", { cluster: "c", user: "ada" }]],
    );
  },
});
