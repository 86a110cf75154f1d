/** The real cargo, with fob as its credential provider. Run by `deno task interop`. */
import assert from "node:assert/strict";
import { largeRigs } from "../../../scripts/testing/rigs.ts";
import { missingRigs } from "../../rigs/rigs.ts";
import { assertUndone, connect } from "../helpers/connect_home.ts";
import { openToolHome, type ToolHome } from "../helpers/tool_home.ts";

const ignore = (await missingRigs(largeRigs)).includes("cargo");

/** A sparse registry that requires a token, and cargo with fob as credential provider. */
async function openCargoHome(): Promise<ToolHome> {
  const home = await openToolHome({
    challenge: "Bearer",
    serve: ({ url }) => {
      const { pathname, origin } = new URL(url);
      if (pathname === "/index/config.json") {
        return Response.json({ dl: `${origin}/dl`, api: origin, "auth-required": true });
      }
      const crates = [{ name: "found", description: "It", max_version: "1.2.3" }];
      return Response.json({ crates, meta: { total: 1 } });
    },
  });
  const provider = await home.install("cargo-credential-fob");
  await home.write(".cargo/config.toml", configFor(home, provider));
  return home;
}

function configFor({ host }: ToolHome, provider: string): string {
  return `[registries.r]
index = "sparse+${host.origin}/index/"
credential-provider = ["${provider}"]
`;
}

function cargo(home: ToolHome, words: readonly string[], stdin?: string): ReturnType<
  ToolHome["run"]
> {
  // A cargo of rustup finds its toolchain there.
  const rustup = Deno.env.get("RUSTUP_HOME") ?? `${Deno.env.get("HOME")}/.rustup`;
  return home.run(["cargo", ...words, "--registry", "r"], { RUSTUP_HOME: rustup }, stdin);
}

Deno.test({
  name: "cargo searches a registry with the profile's token",
  ignore,
  fn: async () => {
    await using home = await openCargoHome();
    const run = await cargo(home, ["search", "found"]);
    assert.match(run.stdout, /^found = "1\.2\.3"/, run.stderr);
    assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
  },
});

Deno.test({
  name: "cargo login stores a token in fob, and cargo logout removes only that",
  ignore,
  fn: async () => {
    await using home = await openCargoHome();
    await using other = await openCargoHome();
    const provider = `${home.directory}/bin/cargo-credential-fob`;
    await home.write(".cargo/config.toml", configFor(other, provider));
    const typed = await other.write("typed", `Bearer ${await other.token()}\n`);
    const loggedIn = await cargo(home, ["login"], typed);
    assert.equal(loggedIn.code, 0, loggedIn.stderr);
    assert.deepEqual(await home.accounts(), [`cargo:${other.host.origin}/index/`, "oidc:work"]);
    const run = await cargo(home, ["search", "found"]);
    assert.match(run.stdout, /^found/, run.stderr);
    assert.equal((await cargo(home, ["logout"])).code, 0);
    assert.deepEqual(await home.accounts(), ["oidc:work"]);
    assert.notEqual((await cargo(home, ["search", "found"])).code, 0);
  },
});

/** An unusual file, optionally with `[registries.r]`. */
const odd = (registry: string): string =>
  `# mine\n[net]   # odd\n  retry= 0\n\n${registry}[term]\nquiet = true`;

Deno.test({
  name: "after fob connect cargo, its registry gets the token, and --undo restores every byte",
  ignore,
  fn: async () => {
    await using home = await openCargoHome();
    await home.install("fob");
    const registry = `[registries.r] # c\nindex = "sparse+${home.host.origin}/index/"\n\n`;
    await home.write(".cargo/config.toml", odd(registry), 0o644);
    await assertUndone(home, [".cargo/config.toml"], async () => {
      const done = await connect(home, ["cargo"]);
      assert.match(done.stdout, /registries\.r\.credential-provider = /);
      const run = await cargo(home, ["search", "found"]);
      assert.match(run.stdout, /^found = "1\.2\.3"/, run.stderr);
      assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
      assert.match((await connect(home, ["cargo"])).stdout, /already uses fob/);
    }, () => connect(home, ["cargo", "--undo"]));
    assert.notEqual((await cargo(home, ["search", "found"])).code, 0);
  },
});

Deno.test({
  name: "a registry of a project gets the token through the global list of providers",
  ignore,
  fn: async () => {
    await using home = await openCargoHome();
    await home.install("fob");
    await home.write(".cargo/config.toml", odd(""), 0o644);
    const index = { CARGO_REGISTRIES_R_INDEX: `sparse+${home.host.origin}/index/` };
    const search = (): ReturnType<ToolHome["run"]> => {
      const rustup = Deno.env.get("RUSTUP_HOME") ?? `${Deno.env.get("HOME")}/.rustup`;
      const words = ["cargo", "search", "found", "--registry", "r"];
      return home.run(words, { RUSTUP_HOME: rustup, ...index });
    };
    await assertUndone(home, [".cargo/config.toml"], async () => {
      await connect(home, ["cargo", "work"]);
      const run = await search();
      assert.match(run.stdout, /^found = "1\.2\.3"/, run.stderr);
      assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
    }, () => connect(home, ["cargo", "--undo"]));
    assert.notEqual((await search()).code, 0);
  },
});

Deno.test({
  name: "after fob migrate, cargo gets its former plaintext token from fob",
  ignore,
  fn: async () => {
    await using home = await openCargoHome();
    await using other = await openCargoHome();
    await home.install("fob");
    const config = `[registries.r]\nindex = "sparse+${other.host.origin}/index/"\n`;
    await home.write(".cargo/config.toml", config);
    const credentials = `[registries.r]\ntoken = "Bearer ${await other.token()}"\n`;
    await home.write(".cargo/credentials.toml", credentials);
    await connect(home, ["cargo", "--host", other.host.origin]);
    const moved = await home.run(["fob", "migrate", "--from", "cargo", "--remove"]);
    assert.equal(moved.code, 0, moved.stderr);
    const left = await Deno.readTextFile(`${home.directory}/.cargo/credentials.toml`);
    assert.equal(left, "[registries.r]\n");
    const run = await cargo(home, ["search", "found"]);
    assert.match(run.stdout, /^found/, run.stderr);
    assert.deepEqual([...new Set(other.host.taken)], [await other.token()]);
  },
});
