import assert from "node:assert/strict";
import { foreignFile } from "../../../../src/system/files/foreign_file.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

async function modeOf(path: string): Promise<number> {
  return ((await Deno.lstat(path)).mode ?? 0) & 0o777;
}

Deno.test("a file that is not there has no text and no backup", async () => {
  await using directory = await makeTemporaryDirectory();
  const file = foreignFile(`${directory.path}/a/hosts.yml`);
  assert.deepEqual([await file.read(), await file.readBackup()], ["", ""]);
  await file.removeBackup();
});

Deno.test("writing keeps the mode for the owner, and takes it from everybody else", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/hosts.yml`;
  const file = foreignFile(path);
  for (const [before, after] of [[0o644, 0o600], [0o600, 0o600], [0o400, 0o400]] as const) {
    await Deno.writeTextFile(path, "\uFEFFa\r\n");
    await Deno.chmod(path, before);
    await file.write("\uFEFFb\r\n");
    assert.deepEqual([await Deno.readTextFile(path), await modeOf(path)], ["\uFEFFb\r\n", after]);
    await Deno.remove(path);
  }
});

Deno.test("a backup is for its owner alone, and can be removed", async () => {
  await using directory = await makeTemporaryDirectory();
  const file = foreignFile(`${directory.path}/hosts.yml`);
  await file.writeBackup("a");
  assert.equal(file.backupPath, `${file.path}.fob-backup`);
  assert.equal(await modeOf(file.backupPath), 0o600);
  assert.equal(await file.readBackup(), "a");
  await file.removeBackup();
  assert.equal(await file.readBackup(), "");
});

Deno.test("a link is followed and stays one; the backup is beside the link", async () => {
  await using directory = await makeTemporaryDirectory();
  const [target, link] = [`${directory.path}/dotfiles/hosts.yml`, `${directory.path}/hosts.yml`];
  await Deno.mkdir(`${directory.path}/dotfiles`);
  await Deno.writeTextFile(target, "a");
  await Deno.symlink("dotfiles/hosts.yml", link);
  const file = foreignFile(link);
  await file.writeBackup(await file.read());
  await file.write("b");
  assert.equal(await Deno.readTextFile(target), "b");
  assert.ok((await Deno.lstat(link)).isSymlink);
  const names = await Array.fromAsync(Deno.readDir(`${directory.path}/dotfiles`));
  assert.deepEqual(names.map(({ name }) => name), ["hosts.yml"]);
});

Deno.test("what the system refuses is an error that names the file", async () => {
  await using directory = await makeTemporaryDirectory();
  const file = foreignFile(`${directory.path}/none/hosts.yml`);
  await assert.rejects(file.writeBackup("a"), {
    code: "io_failed",
    message: /^Cannot write ".*\/hosts\.yml\.fob-backup": /,
  });
});
