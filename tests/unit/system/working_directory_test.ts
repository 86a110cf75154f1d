import assert from "node:assert/strict";
import { type Repository, systemWorkingDirectory } from "../../../src/system/working_directory.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";

const config = '[remote "origin"]\n\turl = https://git.example.com/team/tool\n';

/** A working directory `directory`, without a change of the process's own. */
async function repositoryAt(directory: string): Promise<{ found: Repository; notices: string[] }> {
  const notices: string[] = [];
  const here = systemWorkingDirectory(
    environmentOf({}),
    (text) => notices.push(text),
    () => directory,
  );
  return { found: await here.repository(), notices };
}

async function makeRepository(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true });
  await Deno.writeTextFile(`${path}/HEAD`, "ref: refs/heads/main\n");
  await Deno.writeTextFile(`${path}/config`, config);
}

Deno.test("a repository is found from any directory below it, including its .git", async () => {
  await using place = await makeTemporaryDirectory();
  const top = await Deno.realPath(place.path);
  await makeRepository(`${top}/tool/.git`);
  await Deno.mkdir(`${top}/tool/a/b/.git`, { recursive: true });
  for (const directory of ["tool", "tool/a/b", "tool/.git"]) {
    const { found } = await repositoryAt(`${top}/${directory}`);
    assert.ok("config" in found, directory);
    assert.equal(found.config, config);
  }
  const { found, notices } = await repositoryAt(top);
  assert.deepEqual([found, notices], [{ problem: "not in a Git repository" }, []]);
});

Deno.test("a worktree and a submodule belong to their repository", async () => {
  await using place = await makeTemporaryDirectory();
  const top = await Deno.realPath(place.path);
  await makeRepository(`${top}/tool/.git`);
  await Deno.mkdir(`${top}/tool/.git/worktrees/side`, { recursive: true });
  await Deno.writeTextFile(`${top}/tool/.git/worktrees/side/commondir`, "../..\n");
  await Deno.mkdir(`${top}/side`);
  await Deno.writeTextFile(`${top}/side/.git`, `gitdir: ${top}/tool/.git/worktrees/side\n`);
  await makeRepository(`${top}/tool/.git/modules/sub`);
  await Deno.mkdir(`${top}/tool/sub`);
  await Deno.writeTextFile(`${top}/tool/sub/.git`, "gitdir: ../.git/modules/sub\n");
  for (const directory of ["side", "tool/sub"]) {
    const { found } = await repositoryAt(`${top}/${directory}`);
    assert.ok("config" in found, directory);
    assert.equal(found.config, config);
  }
});

Deno.test("an invalid repository file does not block, is not read completely, and prints a notice", async () => {
  await using place = await makeTemporaryDirectory();
  const top = await Deno.realPath(place.path);
  const broken: Readonly<Record<string, (path: string) => Promise<void>>> = {
    "a .git file that names nothing": async (path) => {
      await Deno.writeTextFile(`${path}/.git`, "hello\n");
    },
    "a .git file of a megabyte": async (path) => {
      await Deno.writeTextFile(`${path}/.git`, `gitdir: ${"a".repeat(1_000_000)}`);
    },
    "a config that is a directory": async (path) => {
      await makeRepository(`${path}/.git`);
      await Deno.remove(`${path}/.git/config`);
      await Deno.mkdir(`${path}/.git/config`);
    },
    "a config of two megabytes": async (path) => {
      await makeRepository(`${path}/.git`);
      await Deno.writeTextFile(`${path}/.git/config`, "#".repeat(2_000_000));
    },
    "a config with NUL": async (path) => {
      await makeRepository(`${path}/.git`);
      await Deno.writeTextFile(`${path}/.git/config`, "\0");
    },
    "names that move the cursor": async (path) => {
      await Deno.writeTextFile(`${path}/.git`, "gitdir: \u001b[2J\n");
      await Deno.mkdir(`${path}/\u001b[2J/config`, { recursive: true });
    },
  };
  for (const [what, make] of Object.entries(broken)) {
    const path = `${top}/${what.replaceAll(/\W/g, "")}`;
    await Deno.mkdir(path);
    await make(path);
    const { found, notices } = await repositoryAt(path);
    assert.ok("problem" in found, what);
    assert.deepEqual(notices, [`Ignoring rules by remote: ${found.problem}`], what);
    assert.doesNotMatch(found.problem, /\p{Cc}/u);
  }
});

Deno.test({
  name: "a repository of another user is ignored",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    await using place = await makeTemporaryDirectory();
    const top = await Deno.realPath(place.path);
    for (const [index, theirs] of ["", "/.git", "/.git/config"].entries()) {
      const path = `${top}/${index}`;
      await makeRepository(`${path}/.git`);
      await Deno.chown(path + (theirs || "/.git"), 12345, 12345);
      const { found } = await repositoryAt(path);
      assert.match("problem" in found ? found.problem : "", /another user \(uid 12345\)/);
    }
  },
});

Deno.test("a pipe instead of a file does not block", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using place = await makeTemporaryDirectory();
  const top = await Deno.realPath(place.path);
  await makeRepository(`${top}/.git`);
  await Deno.remove(`${top}/.git/config`);
  await new Deno.Command("mkfifo", { args: [`${top}/.git/config`] }).output();
  assert.ok("problem" in (await repositoryAt(top)).found);
});
