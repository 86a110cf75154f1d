import assert from "node:assert/strict";
import {
  rehearseReplace,
  replaceFile,
  replaceFileIf,
} from "../../../../src/system/files/atomic_file.ts";
import {
  makeTemporaryDirectory,
  modeOf,
  namesIn,
} from "../../../fakes/machine/temporary_directory.ts";

Deno.test("a replaced file has the new text, and no temporary file remains", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  await replaceFile(path, "old and longer");
  await replaceFile(path, "n\u00e9w \u{1f511}");
  assert.equal(await Deno.readTextFile(path), "n\u00e9w \u{1f511}");
  assert.deepEqual(await namesIn(directory.path), ["file"]);
});

Deno.test("a file has mode 0600, or the given mode", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  for (const [mode, found] of [[undefined, 0o600], [0o644, 0o644], [0o400, 0o400]] as const) {
    await replaceFile(path, "text", mode);
    assert.equal(await modeOf(path), found);
  }
});

Deno.test("a failed replacement leaves the old file unchanged", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/in-the-way`;
  await Deno.mkdir(path);
  await assert.rejects(replaceFile(path, "text"));
  assert.deepEqual(await namesIn(directory.path), ["in-the-way"]);
  await assert.rejects(replaceFile(`${directory.path}/none/file`, "text"), Deno.errors.NotFound);
});

Deno.test("a reader sees the old or the new text, never a part", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  const texts = ["a", "b"].map((letter) => letter.repeat(100_000));
  await replaceFile(path, texts[0] ?? "");
  let isDone = false;
  const writing = (async (): Promise<void> => {
    for (let i = 0; i < 40; i++) await replaceFile(path, texts[i % 2] ?? "");
    isDone = true;
  })();
  const read = new Set<string>();
  while (!isDone) read.add(await Deno.readTextFile(path));
  await writing;
  for (const text of read) assert.ok(texts.includes(text), `${text.length} characters`);
});

Deno.test({
  name: "an open file keeps its old text",
  // Windows does not replace an open file.
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using directory = await makeTemporaryDirectory();
    const path = `${directory.path}/file`;
    await replaceFile(path, "old text");
    const opened = await Deno.open(path);
    await replaceFile(path, "new");
    assert.equal(await new Response(opened.readable).text(), "old text");
    assert.equal(await Deno.readTextFile(path), "new");
  },
});

Deno.test("concurrent writers leave the text of one of them, and no other file", async () => {
  await using directory = await makeTemporaryDirectory();
  const texts = Array.from({ length: 10 }, (_, i) => `${i}`.repeat(5_000));
  await Promise.all(texts.map((text) => replaceFile(`${directory.path}/file`, text)));
  assert.ok(texts.includes(await Deno.readTextFile(`${directory.path}/file`)));
  assert.deepEqual(await namesIn(directory.path), ["file"]);
});

Deno.test("a rehearsal changes nothing, and fails if a replacement would", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  await replaceFile(path, "text");
  await rehearseReplace(path, 100_000);
  assert.equal(await Deno.readTextFile(path), "text");
  assert.deepEqual(await namesIn(directory.path), ["file"]);
  await assert.rejects(rehearseReplace(`${directory.path}/none/file`, 1), Deno.errors.NotFound);
});

Deno.test("the next write removes old temporary files, but not recent ones", async () => {
  await using directory = await makeTemporaryDirectory();
  const [left, current] = [".file.fob-left", ".file.fob-current"];
  for (const name of [left, current]) await Deno.writeTextFile(`${directory.path}/${name}`, "x");
  const hourAgo = new Date(Date.now() - 3_600_000);
  await Deno.utime(`${directory.path}/${left}`, hourAgo, hourAgo);
  await replaceFile(`${directory.path}/file`, "text");
  assert.deepEqual(await namesIn(directory.path), [current, "file"]);
});

Deno.test("if a temporary file is removed during a write, the old file is unchanged", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  await replaceFile(path, "old");
  const sweep = async (): Promise<boolean> => {
    for (const name of await namesIn(directory.path)) {
      if (name !== "file") await Deno.remove(`${directory.path}/${name}`);
    }
    return true;
  };
  await assert.rejects(replaceFileIf(path, "new", 0o600, sweep), Deno.errors.NotFound);
  assert.equal(await Deno.readTextFile(path), "old");
});
