import assert from "node:assert/strict";
import { systemClock } from "../../../src/system/clock.ts";
import { fileLocks } from "../../../src/system/files/locks.ts";
import { type Machine, thisMachine } from "../../../src/system/machine.ts";
import { environmentOf } from "../../fakes/machine/environment.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";

function machine(path = ""): Machine {
  return thisMachine(environmentOf({ PATH: path }));
}

Deno.test("an entry has its kind, mode and owner; a missing one is undefined", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  await Deno.writeTextFile(path, "x", { mode: 0o600 });
  await Deno.chmod(path, 0o644);
  const entry = await machine().entry(path);
  assert.deepEqual([entry?.kind, entry?.isLink, entry?.mode], ["file", false, 0o644]);
  assert.equal(entry?.owner, machine().user);
  assert.ok(Math.abs((entry?.modifiedAt ?? 0) - Date.now()) < 60_000);
  assert.equal((await machine().entry(directory.path))?.kind, "directory");
  assert.equal(await machine().entry(`${directory.path}/none`), undefined);
});

Deno.test("a link is reported as a link, with the kind of its target", async () => {
  await using directory = await makeTemporaryDirectory();
  await Deno.symlink(directory.path, `${directory.path}/there`);
  await Deno.symlink(`${directory.path}/none`, `${directory.path}/nowhere`);
  const there = await machine().entry(`${directory.path}/there`);
  assert.deepEqual([there?.kind, there?.isLink, there?.mode], ["directory", true, 0o700]);
  const nowhere = await machine().entry(`${directory.path}/nowhere`);
  assert.deepEqual([nowhere?.kind, nowhere?.isLink], ["link", true]);
});

Deno.test("beside returns the entries of a directory, none for a missing one, and throws for a file", async () => {
  await using directory = await makeTemporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/b`, "");
  await Deno.writeTextFile(`${directory.path}/a`, "");
  const [a, b] = [`${directory.path}/a`, `${directory.path}/b`];
  assert.deepEqual(await machine().beside(`${directory.path}/none`), [a, b]);
  assert.deepEqual(await machine().beside(`${directory.path}/none/file`), []);
  await assert.rejects(machine().beside(`${a}/file`), { code: "io_failed" });
});

Deno.test("locks are listed by name, with their state and their text if free", async () => {
  await using directory = await makeTemporaryDirectory();
  const locks = fileLocks({ config: "", state: directory.path }, systemClock(), () => {});
  const look = async (): Promise<unknown[]> => {
    const found = await machine().locksIn(`${directory.path}/locks`);
    return found.map(({ name, isHeld, text }) => [name, isHeld, text]);
  };
  assert.deepEqual(await look(), []);
  const lock = await locks.take("oidc:a/b", 1_000);
  await lock.write("note\n");
  assert.deepEqual(await look(), [["oidc:a/b", true, ""]]);
  lock[Symbol.dispose]();
  assert.deepEqual(await look(), [["oidc:a/b", false, "note\n"]]);
  using _again = await locks.take("oidc:a/b", 0);
});

Deno.test("an entry that is not a file is not a lock, and does not block", async () => {
  await using directory = await makeTemporaryDirectory();
  const made = await new Deno.Command("mkfifo", { args: [`${directory.path}/pipe.lock`] }).output();
  assert.ok(made.success);
  await Deno.mkdir(`${directory.path}/directory.lock`);
  await Deno.symlink("none", `${directory.path}/link.lock`);
  assert.deepEqual(await machine().locksIn(directory.path), []);
});

Deno.test("a program is found in the first directory of PATH that has an executable one", async () => {
  await using directory = await makeTemporaryDirectory();
  for (const [name, mode] of [["a", 0o644], ["b", 0o755]] as const) {
    await Deno.mkdir(`${directory.path}/${name}`);
    await Deno.writeTextFile(`${directory.path}/${name}/tool`, "");
    await Deno.chmod(`${directory.path}/${name}/tool`, mode);
  }
  const path = `${directory.path}/a:${directory.path}/b`;
  assert.equal(await machine(path).findProgram("tool"), `${directory.path}/b/tool`);
  assert.equal(await machine(path).findProgram("none"), undefined);
  assert.equal(
    await machine().findProgram(`${directory.path}/b/tool`),
    `${directory.path}/b/tool`,
  );
  assert.equal(await machine(path).findProgram(`${directory.path}/a/tool`), undefined);
});
