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

Deno.test("a replaced file has the new text, and nothing is left beside it", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  await replaceFile(path, "old and longer");
  await replaceFile(path, "n\u00e9w \u{1f511}");
  assert.equal(await Deno.readTextFile(path), "n\u00e9w \u{1f511}");
  assert.deepEqual(await namesIn(directory.path), ["file"]);
});

Deno.test("a file is 0600, or has the mode that was asked for", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  for (const [mode, found] of [[undefined, 0o600], [0o644, 0o644], [0o400, 0o400]] as const) {
    await replaceFile(path, "text", mode);
    assert.equal(await modeOf(path), found);
  }
});

Deno.test("where the replacing fails, what was there is as it was", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/in-the-way`;
  await Deno.mkdir(path);
  await assert.rejects(replaceFile(path, "text"));
  assert.deepEqual(await namesIn(directory.path), ["in-the-way"]);
  await assert.rejects(replaceFile(`${directory.path}/none/file`, "text"), Deno.errors.NotFound);
});

Deno.test("a reader sees the old text or the new one, never a part", async () => {
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
  name: "who has opened the file reads the old text to its end",
  // There a file that is open is not replaced.
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

Deno.test("writers at once leave the text of one of them, and nothing else", async () => {
  await using directory = await makeTemporaryDirectory();
  const texts = Array.from({ length: 10 }, (_, i) => `${i}`.repeat(5_000));
  await Promise.all(texts.map((text) => replaceFile(`${directory.path}/file`, text)));
  assert.ok(texts.includes(await Deno.readTextFile(`${directory.path}/file`)));
  assert.deepEqual(await namesIn(directory.path), ["file"]);
});

Deno.test("a rehearsal changes nothing, and fails where a replacement would", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/file`;
  await replaceFile(path, "text");
  await rehearseReplace(path, 100_000);
  assert.equal(await Deno.readTextFile(path), "text");
  assert.deepEqual(await namesIn(directory.path), ["file"]);
  await assert.rejects(rehearseReplace(`${directory.path}/none/file`, 1), Deno.errors.NotFound);
});

Deno.test("what a killed writer left goes with the next write, but not what one may be writing now", async () => {
  await using directory = await makeTemporaryDirectory();
  const [left, current] = [".file.fob-left", ".file.fob-current"];
  for (const name of [left, current]) await Deno.writeTextFile(`${directory.path}/${name}`, "x");
  const hourAgo = new Date(Date.now() - 3_600_000);
  await Deno.utime(`${directory.path}/${left}`, hourAgo, hourAgo);
  await replaceFile(`${directory.path}/file`, "text");
  assert.deepEqual(await namesIn(directory.path), [current, "file"]);
});

Deno.test("where another clock has a file swept that is being written, what was there is as it was", async () => {
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
