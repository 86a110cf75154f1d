/** Clones with the real git, over HTTP that wants a password, with fob as its credential helper. */
import assert from "node:assert/strict";
import { missingRigs } from "../rigs/rigs.ts";
import { runProgram } from "../acceptance/program.ts";
import { makeTemporaryDirectory } from "../fakes/temporary_directory.ts";
import { openToolHome, type ToolHome } from "./tool_home.ts";

const ignore = (await missingRigs()).includes("git");
const hour = 3_600_000;

/** A repository as a directory of files, which git reads over plain HTTP, and a home whose git asks fob. */
async function openGitHome(age?: number): Promise<ToolHome> {
  await using repository = await makeTemporaryDirectory();
  const files = await readRepository(repository.path);
  const home = await openToolHome({
    serve: (request) => {
      const file = files.get(new URL(request.url).pathname);
      return file === undefined ? new Response("", { status: 404 }) : new Response(file);
    },
  }, age);
  await home.install("git-credential-fob");
  await home.write(".gitconfig", "[credential]\n\thelper = fob\n");
  return home;
}

/** The files of a bare repository with one commit, by the path at `/code.git`. */
async function readRepository(directory: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const env = { PATH: Deno.env.get("PATH") ?? "", HOME: directory, GIT_CONFIG_NOSYSTEM: "1" };
  const steps = [
    ["init", "-q", "-b", "main", "work"],
    ["-C", "work", ...who, "commit", "-q", "--allow-empty", "-m", "First"],
    ["clone", "-q", "--bare", "work", "code.git"],
    ["-C", "code.git", "update-server-info"],
  ];
  for (const step of steps) {
    const { code, stderr } = await runProgram(["git", ...step], { cwd: directory, env });
    assert.equal(code, 0, stderr);
  }
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const read = async (path: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(`${directory}${path}`)) {
      const inner = `${path}/${name}`;
      if (isDirectory) await read(inner);
      else files.set(inner, await Deno.readFile(`${directory}${inner}`));
    }
  };
  await read("/code.git");
  return files;
}

function git(home: ToolHome, ...words: readonly string[]): ReturnType<ToolHome["run"]> {
  return home.run(["git", ...words], { GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1" });
}

function lsRemote(home: ToolHome): ReturnType<ToolHome["run"]> {
  return git(home, "ls-remote", `${home.host.origin}/code.git`, "refs/heads/main");
}

Deno.test({
  name: "git clones with the token of the profile, and keeps no copy of it",
  ignore,
  fn: async () => {
    await using home = await openGitHome();
    const run = await git(home, "clone", `${home.host.origin}/code.git`, "copy");
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
  name: "a token that has expired is refreshed before git gets it",
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
  name: "a token that the server refuses costs one failed command, and no login",
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
  name: "a profile's token goes to no other host, and what was typed for that is kept for that",
  ignore,
  fn: async () => {
    await using home = await openGitHome();
    await using other = await openGitHome();
    const address = `${other.host.origin}/code.git`;
    const refused = await git(home, "ls-remote", address);
    assert.notEqual(refused.code, 0);
    assert.deepEqual(other.host.sent, []);
    const typed = address.replace("://", `://ada:${await other.token()}@`);
    assert.equal((await git(home, "ls-remote", typed)).code, 0);
    assert.deepEqual(await home.accounts(), [`git:${other.host.origin} ada`, "oidc:work"]);
    assert.equal((await git(home, "ls-remote", address)).code, 0);
    other.host.refused.add(await other.token());
    assert.notEqual((await git(home, "ls-remote", address)).code, 0);
    assert.deepEqual(await home.accounts(), ["oidc:work"]);
  },
});
