import assert from "node:assert/strict";
import { userFile } from "../../../../src/system/files/user_file.ts";
import { MemoryLocks } from "../../../fakes/machine/memory_locks.ts";
import {
  makeTemporaryDirectory,
  modeOf,
  namesIn,
} from "../../../fakes/machine/temporary_directory.ts";

Deno.test("a missing file reads as empty, and reading does not create it", async () => {
  await using directory = await makeTemporaryDirectory();
  const file = userFile(`${directory.path}/a/config.ini`, new MemoryLocks());
  assert.equal(await file.read(), "");
  assert.deepEqual(await namesIn(directory.path), []);
});

Deno.test("the first change creates the file with mode 0600, without a backup", async () => {
  await using directory = await makeTemporaryDirectory();
  const file = userFile(`${directory.path}/a/config.ini`, new MemoryLocks());
  await file.change((text) => `${text}new`);
  assert.equal(await file.read(), "new");
  assert.equal(await modeOf(file.path), 0o600);
  assert.equal(await modeOf(`${directory.path}/a`), 0o700);
  assert.deepEqual(await namesIn(`${directory.path}/a`), ["config.ini"]);
});

Deno.test("a change keeps the mode, and the old text as .bak with mode 0600", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  await Deno.writeTextFile(path, "\ufeffbefore\r\n");
  await Deno.chmod(path, 0o640);
  await userFile(path, new MemoryLocks()).change((text) => `${text}after`);
  assert.equal(await Deno.readTextFile(path), "\ufeffbefore\r\nafter");
  assert.equal(await Deno.readTextFile(`${path}.bak`), "\ufeffbefore\r\n");
  assert.deepEqual([await modeOf(path), await modeOf(`${path}.bak`)], [0o640, 0o600]);
});

/** An edit. During its first `times` calls another program writes the file in place, without a lock. */
function interrupted(path: string, times: number): { edit(text: string): string; asked: string[] } {
  const asked: string[] = [];
  const edit = (text: string): string => {
    asked.push(text);
    if (asked.length <= times) Deno.writeTextFileSync(path, `theirs ${asked.length}\n`);
    return `${text}ours\n`;
  };
  return { edit, asked };
}

Deno.test("a concurrent write during a change is kept, and is in the .bak", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  for (const before of [undefined, "before\n"]) {
    if (before !== undefined) await Deno.writeTextFile(path, before);
    const { edit, asked } = interrupted(path, 2);
    await userFile(path, new MemoryLocks()).change(edit);
    assert.deepEqual(asked, [before ?? "", "theirs 1\n", "theirs 2\n"]);
    assert.equal(await Deno.readTextFile(path), "theirs 2\nours\n");
    assert.equal(await Deno.readTextFile(`${path}.bak`), "theirs 2\n");
    assert.deepEqual(await namesIn(directory.path), ["config.ini", "config.ini.bak"]);
  }
});

Deno.test("a concurrent write during a scrub is scrubbed too", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  await Deno.writeTextFile(path, "secret");
  let isFirst = true;
  await userFile(path, new MemoryLocks()).scrub((text) => {
    if (text !== "" && isFirst) Deno.writeTextFileSync(path, "theirs secret");
    isFirst &&= text === "";
    return text.replace("secret", "");
  });
  assert.equal(await Deno.readTextFile(path), "theirs ");
});

Deno.test("a program that keeps writing makes a change fail as declined", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  const { edit, asked } = interrupted(path, Infinity);
  await assert.rejects(userFile(path, new MemoryLocks()).change(edit), {
    code: "declined",
    message: `"${path}" is being changed by another program`,
  });
  assert.equal(await Deno.readTextFile(path), `theirs ${asked.length}\n`);
  assert.deepEqual(await namesIn(directory.path), ["config.ini", "config.ini.bak"]);
});

Deno.test("an emptied file leaves the .bak unchanged", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  await Deno.writeTextFile(path, "");
  await Deno.writeTextFile(`${path}.bak`, "all there was");
  await userFile(path, new MemoryLocks()).change(() => "new");
  assert.equal(await Deno.readTextFile(`${path}.bak`), "all there was");
});

Deno.test("a change without an effect writes nothing", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  await Deno.writeTextFile(path, "text");
  const before = await Deno.stat(path);
  await userFile(path, new MemoryLocks()).change((text) => text);
  assert.deepEqual(await namesIn(directory.path), ["config.ini"]);
  assert.equal((await Deno.stat(path)).ino, before.ino);
});

Deno.test("an edit that throws leaves the file unchanged, and releases the lock", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  await Deno.writeTextFile(path, "text");
  const file = userFile(path, new MemoryLocks());
  const failure = new Error("no");
  await assert.rejects(
    file.change(() => {
      throw failure;
    }),
    failure,
  );
  await file.change((text) => `${text}!`);
  assert.equal(await file.read(), "text!");
});

Deno.test("a link is followed: its target is changed, and the link remains", async () => {
  await using directory = await makeTemporaryDirectory();
  const [path, target] = [`${directory.path}/config.ini`, `${directory.path}/elsewhere.ini`];
  await Deno.writeTextFile(target, "before");
  await Deno.symlink("elsewhere.ini", path);
  await userFile(path, new MemoryLocks()).change(() => "after");
  assert.ok((await Deno.lstat(path)).isSymlink);
  assert.equal(await Deno.readTextFile(target), "after");
});

Deno.test("a link to a missing file remains when that file is written", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  await Deno.symlink("elsewhere.ini", path);
  await userFile(path, new MemoryLocks()).change(() => "after");
  assert.ok((await Deno.lstat(path)).isSymlink, "the link was replaced");
  assert.equal(await Deno.readTextFile(`${directory.path}/elsewhere.ini`), "after");
});

Deno.test("concurrent changes lose none", async () => {
  await using directory = await makeTemporaryDirectory();
  const file = userFile(`${directory.path}/config.ini`, new MemoryLocks());
  const letters = [..."abcdefghijklmnop"];
  await Promise.all(letters.map((letter) => file.change((text) => text + letter)));
  assert.deepEqual([...await file.read()].sort(), letters);
});

Deno.test("a file that is not text is config_invalid with the reason, and is not written", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  const contents: [Uint8Array, string][] = [
    [Uint8Array.of(97, 0, 98), "it has a NUL byte at offset 1"],
    [Uint8Array.of(97, 0xff), "it is not UTF-8 text"],
    [new Uint8Array(1024 * 1024 + 1).fill(97), "it is 1048577 bytes long (maximum: 1048576)"],
  ];
  for (const [bytes, why] of contents) {
    await Deno.writeFile(path, bytes);
    const file = userFile(path, new MemoryLocks());
    const refusal = { code: "config_invalid", message: `Cannot read "${path}": ${why}` };
    await assert.rejects(file.read(), refusal);
    await assert.rejects(file.change(() => "text"), refusal);
    assert.deepEqual(await Deno.readFile(path), bytes);
  }
  await assert.rejects(userFile(directory.path, new MemoryLocks()).read(), {
    code: "config_invalid",
    message: `Cannot read "${directory.path}": it is not a file`,
  });
});

Deno.test("an error of the system is io_failed, and names the file", async () => {
  await using directory = await makeTemporaryDirectory();
  await Deno.writeTextFile(`${directory.path}/file`, "");
  const path = `${directory.path}/file/config.ini`;
  await assert.rejects(userFile(path, new MemoryLocks()).read(), (error: Error) => {
    assert.ok(error.message.startsWith(`Cannot read "${path}": `), error.message);
    assert.ok("code" in error && error.code === "io_failed");
    return true;
  });
});

Deno.test("scrubbed text remains in no file, including an older .bak", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  await Deno.writeTextFile(path, "first secret\n");
  const file = userFile(path, new MemoryLocks());
  await file.change((text) => `${text}second\n`);
  await file.scrub((text) => text.replace(" secret", ""));
  assert.equal(await Deno.readTextFile(path), "first\nsecond\n");
  assert.equal(await Deno.readTextFile(`${path}.bak`), "first\n");
  assert.deepEqual(await namesIn(directory.path), ["config.ini", "config.ini.bak"]);
});

Deno.test("a scrub creates no .bak, and keeps the mode", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/config.ini`;
  await Deno.writeTextFile(path, "secret");
  await Deno.chmod(path, 0o640);
  await userFile(path, new MemoryLocks()).scrub(() => "");
  assert.deepEqual(await namesIn(directory.path), ["config.ini"]);
  assert.deepEqual([await Deno.readTextFile(path), await modeOf(path)], ["", 0o640]);
});
