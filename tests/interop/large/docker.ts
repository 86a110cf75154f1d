/** The real docker command line, with fob as its credential helper and no daemon. Run by `deno task interop`. */
import assert from "node:assert/strict";
import { largeRigs } from "../../../scripts/testing/rigs.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { assertUndone, connect } from "../helpers/connect_home.ts";
import { openToolHome, type ToolHome } from "../helpers/tool_home.ts";

const ignore = (await missingRigs(largeRigs)).includes("docker");

const config = '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}';

async function digestOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return `sha256:${new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()}`;
}

/** An image without layers: its manifest and its configuration, by path. */
async function imageFiles(): Promise<Readonly<Record<string, Response>>> {
  const digest = await digestOf(config);
  const type = "application/vnd.docker.distribution.manifest.v2+json";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: type,
    config: {
      mediaType: "application/vnd.docker.container.image.v1+json",
      size: config.length,
      digest,
    },
    layers: [],
  });
  const headers = { "Content-Type": type, "Docker-Content-Digest": await digestOf(manifest) };
  return {
    "/v2/": Response.json({}),
    "/v2/image/manifests/latest": new Response(manifest, { headers }),
    [`/v2/image/blobs/${digest}`]: new Response(config),
  };
}

/** A registry (Distribution API) with one image, and docker with fob as credential helper. */
async function openDockerHome(): Promise<ToolHome> {
  const files = await imageFiles();
  const home = await openToolHome({
    serve: ({ url }) =>
      files[new URL(url).pathname]?.clone() ?? new Response("{}", { status: 404 }),
  });
  await home.install("docker-credential-fob");
  await home.write(".docker/config.json", '{"credsStore":"fob"}');
  return home;
}

function inspect(home: ToolHome): ReturnType<ToolHome["run"]> {
  const image = `${home.host.authority}/image`;
  return home.run(["docker", "manifest", "inspect", "--insecure", image]);
}

Deno.test({
  name: "docker inspects an image with the profile's token",
  ignore,
  fn: async () => {
    await using home = await openDockerHome();
    const run = await inspect(home);
    assert.equal(run.code, 0, run.stderr);
    assert.equal(JSON.parse(run.stdout).schemaVersion, 2);
    assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
    assert.deepEqual(await home.accounts(), ["oidc:work"]);
  },
});

Deno.test({
  name: "docker login stores a credential in fob, and docker logout removes only that",
  ignore,
  fn: async () => {
    await using home = await openDockerHome();
    await using other = await openDockerHome();
    const { authority } = other.host;
    const password = await other.write("password", await other.token());
    const login = ["docker", "login", authority, "-u", "ada", "--password-stdin"];
    const loggedIn = await home.run(login, {}, password);
    assert.equal(loggedIn.code, 0, loggedIn.stderr);
    assert.deepEqual(await home.accounts(), [`docker:https://${authority} ada`, "oidc:work"]);
    const config = await Deno.readTextFile(`${home.directory}/.docker/config.json`);
    assert.equal(config.includes(btoa(`ada:${await other.token()}`)), false);
    const image = `${authority}/image`;
    const run = await home.run(["docker", "manifest", "inspect", "--insecure", image]);
    assert.equal(run.code, 0, run.stderr);
    assert.equal((await home.run(["docker", "logout", authority])).code, 0);
    assert.deepEqual(await home.accounts(), ["oidc:work"]);
    assert.equal((await inspect(home)).code, 0, "the profile is still signed in");
  },
});

Deno.test({
  name: "docker is anonymous at a registry without a credential in fob",
  ignore,
  fn: async () => {
    await using home = await openDockerHome();
    await using other = await openDockerHome();
    const image = `${other.host.authority}/image`;
    const run = await home.run(["docker", "manifest", "inspect", "--insecure", image]);
    assert.notEqual(run.code, 0);
    assert.deepEqual(other.host.sent, []);
  },
});

Deno.test({
  name: "after fob connect docker, it gets the profile's token, and --undo restores every byte",
  ignore,
  fn: async () => {
    await using home = await openDockerHome();
    await Deno.remove(`${home.directory}/bin/docker-credential-fob`);
    await home.install("fob");
    const odd = '{\n\t"auths" : { "r.example.com":{} },\n\n  "HttpHeaders": {"X":  "y"} }';
    await home.write(".docker/dotfiles/config.json", odd, 0o640);
    await Deno.remove(`${home.directory}/.docker/config.json`);
    await Deno.symlink("dotfiles/config.json", `${home.directory}/.docker/config.json`);
    const paths = [".docker/config.json", ".docker/dotfiles/config.json", "bin"];
    await assertUndone(home, paths, async () => {
      await connect(home, ["docker"]);
      const run = await inspect(home);
      assert.equal(run.code, 0, run.stderr);
      assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
      assert.match((await connect(home, ["docker"])).stdout, /already uses fob/);
    }, () => connect(home, ["docker", "--undo"]));
    assert.notEqual((await inspect(home)).code, 0);
  },
});

Deno.test({
  name: "after fob migrate, docker gets its former plaintext credential from fob",
  ignore,
  fn: async () => {
    await using home = await openDockerHome();
    await using other = await openDockerHome();
    await Deno.remove(`${home.directory}/bin/docker-credential-fob`);
    await home.install("fob");
    const { authority, origin } = other.host;
    const auth = btoa(`ada:${await other.token()}`);
    await home.write(".docker/config.json", JSON.stringify({ auths: { [authority]: { auth } } }));
    await connect(home, ["docker", "--host", origin]);
    const moved = await home.run(["fob", "migrate", "--from", "docker", "--remove"]);
    assert.equal(moved.code, 0, moved.stderr);
    const image = `${authority}/image`;
    const run = await home.run(["docker", "manifest", "inspect", "--insecure", image]);
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual([...new Set(other.host.taken)], [await other.token()]);
    const folder = `${home.directory}/.docker`;
    for await (const { name } of Deno.readDir(folder)) {
      const text = await Deno.readTextFile(`${folder}/${name}`);
      assert.equal(text.includes(auth), name.endsWith(".fob-backup"), name);
    }
  },
});
