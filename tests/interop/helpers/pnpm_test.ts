/** The real pnpm, with fob as its token helper. */
import assert from "node:assert/strict";
import settings from "../../../deno.json" with { type: "json" };
import { assertUndone, connect } from "./connect_home.ts";
import { openToolHome, type ToolHome } from "./tool_home.ts";

const ignore = Deno.build.os === "windows";

/** A registry with one package, and pnpm with fob as token helper. */
async function openPnpmHome(...words: readonly string[]): Promise<ToolHome> {
  const home = await openToolHome({
    challenge: "Bearer",
    serve: ({ url }) => {
      const { origin } = new URL(url);
      const dist = { tarball: `${origin}/found.tgz`, shasum: "0".repeat(40) };
      const versions = { "1.2.3": { name: "found", version: "1.2.3", dist } };
      return Response.json({ name: "found", "dist-tags": { latest: "1.2.3" }, versions });
    },
  });
  const shim = await home.install("fob-pnpm", "helper", "pnpm", ...words);
  const { origin, authority } = home.host;
  // Deno, which runs pnpm here, would read an npmrc in the home.
  await home.write("user/npmrc", `registry=${origin}/\n//${authority}/:tokenHelper=${shim}\n`);
  await home.write("project/package.json", '{"dependencies":{"found":"1.2.3"}}');
  return home;
}

/** Resolves dependencies at the registry without downloading them. */
function resolve(home: ToolHome): ReturnType<ToolHome["run"]> {
  const config = new URL("../../../deno.json", import.meta.url).pathname;
  const deno = [Deno.execPath(), "run", "-A", "-q", `--config=${config}`, settings.imports.pnpm];
  const words = ["-C", `${home.directory}/project`, "install", "--lockfile-only"];
  return home.run([...deno, ...words], { npm_config_userconfig: `${home.directory}/user/npmrc` });
}

Deno.test({
  name: "pnpm sends the token of the profile in its token helper",
  ignore,
  fn: async () => {
    await using home = await openPnpmHome("--profile", "work");
    const run = await resolve(home);
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
  },
});

Deno.test({
  name: "without a profile, pnpm gets no token, because it does not name the registry",
  ignore,
  fn: async () => {
    await using home = await openPnpmHome();
    const run = await resolve(home);
    assert.notEqual(run.code, 0);
    assert.match(run.stdout + run.stderr, /fob-pnpm/);
    assert.deepEqual(home.host.sent, []);
  },
});

Deno.test({
  name: "after fob connect pnpm, it sends the profile's token, and --undo restores every byte",
  ignore,
  fn: async () => {
    await using home = await openPnpmHome();
    await home.install("fob");
    const { origin } = home.host;
    await home.write("dotfiles/npmrc", `; mine\r\nregistry = ${origin}/\r\n  odd=1`, 0o640);
    await Deno.remove(`${home.directory}/user/npmrc`);
    await Deno.symlink("../dotfiles/npmrc", `${home.directory}/user/npmrc`);
    const variables = { npm_config_userconfig: `${home.directory}/user/npmrc` };
    const paths = ["user/npmrc", "dotfiles/npmrc", ".local/state/fob/connect/pnpm-work"];
    await assertUndone(home, paths, async () => {
      await connect(home, ["pnpm", "work"], variables);
      const run = await resolve(home);
      assert.equal(run.code, 0, run.stdout + run.stderr);
      assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
      const again = await connect(home, ["pnpm", "work"], variables);
      assert.match(again.stdout, /already uses fob/);
    }, () => connect(home, ["pnpm", "--undo"], variables));
  },
});
