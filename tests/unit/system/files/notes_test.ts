import assert from "node:assert/strict";
import { fileNotes } from "../../../../src/system/files/notes.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

const isWindows = Deno.build.os === "windows";

Deno.test("the last written note is read; a missing one is undefined", async () => {
  await using directory = await makeTemporaryDirectory();
  const notes = fileNotes({ config: "", state: `${directory.path}/state` }, () => {});
  assert.equal(await notes.read("refused:a/b"), undefined);
  await notes.write("refused:a/b", "1");
  await notes.write("refused:a/b", "2");
  await notes.write("refused:a", "3");
  assert.equal(await notes.read("refused:a/b"), "2");
});

Deno.test({
  name: "a note has mode 0600, and reading creates no file",
  ignore: isWindows,
  fn: async () => {
    await using directory = await makeTemporaryDirectory();
    const state = `${directory.path}/state`;
    const notes = fileNotes({ config: "", state }, () => {});
    await notes.read("x");
    await assert.rejects(Deno.stat(state), Deno.errors.NotFound);
    await notes.write("x", "1");
    const modes = [`${state}/notes`, `${state}/notes/x`].map((path) =>
      Deno.statSync(path).mode ?? 0
    );
    assert.deepEqual(modes.map((mode) => mode & 0o777), [0o700, 0o600]);
  },
});

Deno.test("an unreadable or unwritable note is an error with its path", async () => {
  await using directory = await makeTemporaryDirectory();
  const state = `${directory.path}/state`;
  const notes = fileNotes({ config: "", state }, () => {});
  await Deno.mkdir(`${state}/notes/x`, { recursive: true, mode: 0o700 });
  for (const attempt of [notes.read("x"), notes.write("x", "1")]) {
    await assert.rejects(attempt, { code: "io_failed", message: /^Cannot \w+ ".*notes.x": / });
  }
});

Deno.test("removing a note also removes old temporary files", async () => {
  await using directory = await makeTemporaryDirectory();
  const state = `${directory.path}/state`;
  const notes = fileNotes({ config: "", state }, () => {});
  await notes.write("x", "1");
  const hourAgo = new Date(Date.now() - 3_600_000);
  for (const name of [".x.fob-old", ".x.fob-new"]) {
    await Deno.writeTextFile(`${state}/notes/${name}`, "");
  }
  await Deno.utime(`${state}/notes/.x.fob-old`, hourAgo, hourAgo);
  await notes.remove("x");
  const names = await Array.fromAsync(Deno.readDir(`${state}/notes`), ({ name }) => name);
  assert.deepEqual(names, [".x.fob-new"]);
});
