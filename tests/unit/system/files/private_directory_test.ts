import assert from "node:assert/strict";
import {
  absent,
  checkPrivateDirectory,
  ensurePrivateDirectory,
} from "../../../../src/system/files/private_directory.ts";
import { makeTemporaryDirectory, modeOf } from "../../../fakes/machine/temporary_directory.ts";

Deno.test("a new directory has mode 0700, without a notice", async () => {
  await using directory = await makeTemporaryDirectory();
  const notices: string[] = [];
  const path = `${directory.path}/a/b`;
  await ensurePrivateDirectory(path, (text) => notices.push(text));
  await ensurePrivateDirectory(path, (text) => notices.push(text));
  assert.equal(await modeOf(path), 0o700);
  assert.deepEqual(notices, []);
});

Deno.test("a missing directory is reported as missing, and not created", async () => {
  await using directory = await makeTemporaryDirectory();
  assert.equal(await checkPrivateDirectory(`${directory.path}/a`, () => {}), false);
  assert.deepEqual(await Array.fromAsync(Deno.readDir(directory.path)), []);
});

Deno.test("a directory with a wider mode gets mode 0700, with a notice", async () => {
  await using directory = await makeTemporaryDirectory();
  for (const mode of [0o755, 0o710, 0o701]) {
    const notices: string[] = [];
    await Deno.chmod(directory.path, mode);
    assert.ok(await checkPrivateDirectory(directory.path, (text) => notices.push(text)));
    assert.equal(await modeOf(directory.path), 0o700);
    assert.equal(notices.length, 1);
    assert.ok(notices[0]?.includes(directory.path));
  }
});

Deno.test("a link or a file instead of the directory is rejected", async () => {
  await using directory = await makeTemporaryDirectory();
  const [link, file] = [`${directory.path}/link`, `${directory.path}/file`];
  await Deno.mkdir(`${directory.path}/real`, { mode: 0o755 });
  await Deno.symlink("real", link);
  await Deno.writeTextFile(file, "");
  const refusals = { [link]: "it is a symbolic link", [file]: "it is not a directory" };
  for (const [path, why] of Object.entries(refusals)) {
    const refusal = { code: "io_failed", message: `Refusing to use "${path}": ${why}` };
    await assert.rejects(ensurePrivateDirectory(path, () => {}), refusal);
  }
  assert.equal(await modeOf(`${directory.path}/real`), 0o755);
});

Deno.test("a directory of another user is rejected, and not changed", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = Deno.uid() === 0 ? `${directory.path}/foreign` : "/";
  const uid = Deno.uid() === 0 ? 4711 : 0;
  if (uid !== 0) {
    await Deno.mkdir(path);
    await Deno.chown(path, uid, uid);
    await Deno.chmod(path, 0o755);
  }
  await assert.rejects(ensurePrivateDirectory(path, () => {}), {
    code: "io_failed",
    message: `Refusing to use "${path}": it belongs to another user (uid ${uid})`,
  });
  assert.equal(await modeOf(path), 0o755);
});

Deno.test("absent returns undefined only for a missing file", () => {
  assert.equal(absent(new Deno.errors.NotFound()), undefined);
  assert.throws(() => absent(new Deno.errors.PermissionDenied()), Deno.errors.PermissionDenied);
});
