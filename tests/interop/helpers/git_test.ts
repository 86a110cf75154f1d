/** Clones with the real git over HTTP with a password, with fob as credential helper. */
import assert from "node:assert/strict";
import { missingRigs } from "../../rigs/rigs.ts";
import { gitIn, openGitHome } from "./git_home.ts";
import type { ToolHome } from "./tool_home.ts";

const ignore = (await missingRigs()).includes("git");
const hour = 3_600_000;

function lsRemote(home: ToolHome): ReturnType<ToolHome["run"]> {
  return gitIn(home, "ls-remote", `${home.host.origin}/code.git`, "refs/heads/main");
}

Deno.test({
  name: "git clones with the profile's token, and stores no copy",
  ignore,
  fn: async () => {
    await using home = await openGitHome();
    const run = await gitIn(home, "clone", `${home.host.origin}/code.git`, "copy");
    assert.equal(run.code, 0, run.stderr);
    const token = await home.token();
    assert.deepEqual([...new Set(home.host.taken)], [token]);
    assert.equal(home.login.server.count("refresh_token"), 0);
    assert.deepEqual(await home.accounts(), ["oidc:work"]);
    const config = await Deno.readTextFile(`${home.directory}/copy/.git/config`);
    assert.equal(config.includes(token), false);
  },
});

Deno.test({
  name: "an expired token is refreshed for git",
  ignore,
  fn: async () => {
    await using home = await openGitHome(2 * hour);
    const run = await lsRemote(home);
    assert.match(run.stdout, /refs\/heads\/main/, run.stderr);
    assert.equal(home.login.server.count("refresh_token"), 1);
    assert.deepEqual(home.host.sent.map(({ isTaken }) => isTaken).includes(false), false);
  },
});

Deno.test({
  name: "a token that the server refuses fails one command and keeps the login",
  ignore,
  fn: async () => {
    await using home = await openGitHome();
    const first = await home.token();
    home.host.refused.add(first);
    const failed = await lsRemote(home);
    assert.notEqual(failed.code, 0);
    assert.equal(home.login.server.count("refresh_token"), 0);
    assert.equal(await home.token(), first, "the login stays");
    const recovered = await lsRemote(home);
    assert.match(recovered.stdout, /refs\/heads\/main/, recovered.stderr);
    assert.notEqual(await home.token(), first);
    await lsRemote(home);
    assert.equal(home.login.server.count("refresh_token"), 1);
    assert.deepEqual(await home.accounts(), ["oidc:work"]);
  },
});

Deno.test({
  name: "a profile's token goes to no other host, and a typed credential is stored for its host",
  ignore,
  fn: async () => {
    await using home = await openGitHome();
    await using other = await openGitHome();
    const address = `${other.host.origin}/code.git`;
    const refused = await gitIn(home, "ls-remote", address);
    assert.notEqual(refused.code, 0);
    assert.deepEqual(other.host.sent, []);
    const typed = address.replace("://", `://ada:${await other.token()}@`);
    assert.equal((await gitIn(home, "ls-remote", typed)).code, 0);
    assert.deepEqual(await home.accounts(), [`git:${other.host.origin} ada`, "oidc:work"]);
    assert.equal((await gitIn(home, "ls-remote", address)).code, 0);
    other.host.refused.add(await other.token());
    assert.notEqual((await gitIn(home, "ls-remote", address)).code, 0);
    assert.deepEqual(await home.accounts(), ["oidc:work"]);
  },
});
