/** `fob connect git` with the real git. */
import assert from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { assertUndone, connect } from "./connect_home.ts";
import { gitIn, openGitHome } from "./git_home.ts";
import type { ToolHome } from "./tool_home.ts";

const ignore = (await missingRigs()).includes("git");

/** An unusual file: spaces, comments, a helper that stores plaintext, and a link. */
const config = `# mine
[user]
\tname = Ada   ; odd
  email=ada@example.com
[credential]
\thelper = store
`;

async function openHome(): Promise<ToolHome> {
  const home = await openGitHome();
  await Deno.remove(`${home.directory}/bin/git-credential-fob`);
  await home.install("fob");
  await home.write("dotfiles/gitconfig", config, 0o640);
  await Deno.remove(`${home.directory}/.gitconfig`);
  await Deno.symlink("dotfiles/gitconfig", `${home.directory}/.gitconfig`);
  return home;
}

Deno.test({
  name: "after fob connect git, a clone uses the profile's token, and --undo restores every byte",
  ignore,
  fn: async () => {
    await using home = await openHome();
    const paths = [".gitconfig", "dotfiles/gitconfig", ".git-credentials"];
    const undo = (): Promise<unknown> => connect(home, ["git", "--undo"]);
    await assertUndone(home, paths, async () => {
      await connect(home, ["git"]);
      const again = await connect(home, ["git"]);
      assert.match(again.stdout, /^git already uses fob/);
      const run = await gitIn(home, "clone", `${home.host.origin}/code.git`, "copy");
      assert.equal(run.code, 0, run.stderr);
      assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
    }, undo);
    assert.notEqual((await gitIn(home, "ls-remote", `${home.host.origin}/code.git`)).code, 0);
  },
});

Deno.test({
  name: "with --print, git is not connected and nothing is written",
  ignore,
  fn: async () => {
    await using home = await openHome();
    const before = await Deno.readTextFile(`${home.directory}/.gitconfig`);
    const run = await connect(home, ["git", "--print"]);
    assert.match(
      run.stdout,
      /^git config --global --add credential\.http:\/\/127\.0\.0\.1:\d+\.helper ''\n/,
    );
    assert.match(run.stdout, /Nothing was changed\n$/);
    assert.equal(await Deno.readTextFile(`${home.directory}/.gitconfig`), before);
    const names = (await Array.fromAsync(Deno.readDir(home.directory))).map(({ name }) => name);
    assert.deepEqual(names.filter((name) => name.includes("backup")), []);
  },
});

Deno.test({
  name: "--undo keeps settings that the user made in git after fob",
  ignore,
  fn: async () => {
    await using home = await openHome();
    const key = `credential.${home.host.origin}.helper`;
    await gitIn(home, "config", "--global", "--add", key, "");
    await gitIn(home, "config", "--global", "--add", key, "!theirs");
    await connect(home, ["git", "work"]);
    await gitIn(home, "config", "--global", "user.name", "Ada L");
    const undone = await connect(home, ["git", "--undo"]);
    assert.match(undone.stdout, /only fob's settings were removed/);
    const values = await gitIn(home, "config", "--global", "--null", "--get-all", key);
    assert.deepEqual(values.stdout.split("\0"), ["", "!theirs", ""]);
    assert.equal((await gitIn(home, "config", "user.name")).stdout, "Ada L\n");
  },
});

Deno.test({
  name: "a repository with its own helper or another host does not change fob's reply",
  ignore,
  fn: async () => {
    await using home = await openHome();
    await using evil = await openGitHome();
    await connect(home, ["git"]);
    assert.equal((await gitIn(home, "clone", `${home.host.origin}/code.git`, "copy")).code, 0);
    const local = (...words: readonly string[]): ReturnType<typeof gitIn> =>
      gitIn(home, "-C", "copy", ...words);
    await local("config", "credential.helper", `!printf 'username=x\\npassword=theirs\\n';:`);
    assert.equal((await local("fetch")).code, 0);
    assert.deepEqual([...new Set(home.host.taken)], [await home.token()]);
    await local("config", `url.${evil.host.origin}/.insteadOf`, `${home.host.origin}/`);
    await local("config", "--unset", "credential.helper");
    await local(
      "config",
      `credential.${evil.host.origin}.helper`,
      `!fob helper git --profile work`,
    );
    assert.notEqual((await local("fetch")).code, 0);
    assert.deepEqual(evil.host.sent, []);
  },
});

Deno.test({
  name: "after fob migrate, git gets its former plaintext credential from fob",
  ignore,
  fn: async () => {
    await using home = await openHome();
    await using other = await openGitHome();
    const { origin, authority } = other.host;
    const line = `http://ada:${await other.token()}@${authority}\n`;
    await home.write(".git-credentials", line);
    const told = await connect(home, ["git", "--host", origin]);
    assert.match(
      told.stderr,
      /Found 1 secret in plaintext in .*\. To move secrets into fob: fob migrate --from git --remove/,
    );
    const moved = await home.run(["fob", "migrate", "--from", "git", "--remove"]);
    assert.equal(moved.code, 0, moved.stderr);
    assert.equal(await Deno.readTextFile(`${home.directory}/.git-credentials`), "");
    const run = await gitIn(home, "clone", `${origin}/code.git`, "copy");
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual([...new Set(other.host.taken)], [await other.token()]);
    assert.equal(await Deno.readTextFile(`${home.directory}/.git-credentials`), "");
  },
});
