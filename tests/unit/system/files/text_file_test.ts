import assert from "node:assert/strict";
import { textFile } from "../../../../src/system/files/text_file.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

async function modeOf(path: string): Promise<number> {
  return ((await Deno.lstat(path)).mode ?? 0) & 0o777;
}

Deno.test("a missing file has an empty text, and can be removed", async () => {
  await using directory = await makeTemporaryDirectory();
  const file = textFile(`${directory.path}/a/hosts.yml`);
  assert.deepEqual([await file.read(), await file.readIfExists()], ["", undefined]);
  await file.remove();
});

Deno.test("a private replacement keeps only the owner's permissions", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/hosts.yml`;
  const file = textFile(path);
  for (const [before, after] of [[0o644, 0o600], [0o600, 0o600], [0o400, 0o400]] as const) {
    await Deno.writeTextFile(path, "\uFEFFa\r\n");
    await Deno.chmod(path, before);
    await file.replace("\uFEFFa\r\n", "\uFEFFb\r\n", "private");
    assert.deepEqual([await Deno.readTextFile(path), await modeOf(path)], ["\uFEFFb\r\n", after]);
    await Deno.remove(path);
  }
});

Deno.test("a backup has mode 0600, and can be removed", async () => {
  await using directory = await makeTemporaryDirectory();
  const file = textFile(`${directory.path}/hosts.yml`);
  const backup = file.beside(".fob-backup");
  await backup.overwrite("a");
  assert.equal(backup.path, `${file.path}.fob-backup`);
  assert.equal(await modeOf(backup.path), 0o600);
  assert.equal(await backup.read(), "a");
  await backup.remove();
  assert.equal(await backup.readIfExists(), undefined);
});

Deno.test("a link is followed and preserved; the backup is beside the link", async () => {
  await using directory = await makeTemporaryDirectory();
  const [target, link] = [`${directory.path}/dotfiles/hosts.yml`, `${directory.path}/hosts.yml`];
  await Deno.mkdir(`${directory.path}/dotfiles`);
  await Deno.writeTextFile(target, "a");
  await Deno.symlink("dotfiles/hosts.yml", link);
  const file = textFile(link);
  await file.beside(".fob-backup").overwrite(await file.read());
  await file.replace("a", "b");
  assert.equal(await Deno.readTextFile(target), "b");
  assert.ok((await Deno.lstat(link)).isSymlink);
  const names = await Array.fromAsync(Deno.readDir(`${directory.path}/dotfiles`));
  assert.deepEqual(names.map(({ name }) => name), ["hosts.yml"]);
});

Deno.test("an error of the system names the file", async () => {
  await using directory = await makeTemporaryDirectory();
  const file = textFile(`${directory.path}/none/hosts.yml`);
  await assert.rejects(file.beside(".fob-backup").overwrite("a"), {
    code: "io_failed",
    message: /^Cannot write ".*\/hosts\.yml\.fob-backup": /,
  });
});

Deno.test("a replacement keeps the mode, and a new file has mode 0600", async () => {
  await using directory = await makeTemporaryDirectory();
  const [path, fresh] = [`${directory.path}/a`, `${directory.path}/new/b`];
  await Deno.writeTextFile(path, "a");
  await Deno.chmod(path, 0o644);
  await textFile(path).replace("a", "b");
  await textFile(fresh).replace(undefined, "");
  assert.deepEqual([await modeOf(path), await modeOf(fresh)], [0o644, 0o600]);
  await textFile(fresh).replace("", undefined);
  assert.equal(await textFile(fresh).readIfExists(), undefined);
});

Deno.test("a concurrent change by another program is neither replaced nor removed", async () => {
  await using directory = await makeTemporaryDirectory();
  const file = textFile(`${directory.path}/a`);
  for (const there of [undefined, "theirs"]) {
    if (there !== undefined) await file.replace(undefined, there);
    for (const before of ["mine", there === undefined ? "" : undefined]) {
      for (const after of ["b", undefined]) {
        await assert.rejects(file.replace(before, after), { code: "declined" });
      }
    }
    assert.equal(await file.readIfExists(), there);
  }
});
