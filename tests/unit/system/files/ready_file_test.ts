import { equal, rejects } from "node:assert/strict";
import { readyFile } from "../../../../src/system/files/ready_file.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

async function names(directory: string): Promise<string> {
  return (await Array.fromAsync(Deno.readDir(directory), ({ name }) => name)).sort().join();
}

Deno.test("a file says that a program is ready, from when it is written until it is disposed of", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/ready`;
  {
    await using ready = await readyFile(path);
    equal(await names(directory.path), "");
    await ready.write();
    equal(await Deno.readTextFile(path), `${Deno.pid}\n`);
    equal(await names(directory.path), "ready");
  }
  equal(await names(directory.path), "");
});

Deno.test("what a killed program left is gone before the next one is ready", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/ready`;
  await Deno.writeTextFile(path, "1\n");
  await readyFile(path);
  equal(await names(directory.path), "");
});

Deno.test({
  name: "others may see it, as who waits for it may be another user",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using directory = await makeTemporaryDirectory();
    const path = `${directory.path}/ready`;
    await using ready = await readyFile(path);
    await ready.write();
    equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o644);
  },
});

Deno.test("whatever else is in its place stays, and is told", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/notes`;
  await Deno.writeTextFile(path, "mine\n");
  await rejects(readyFile(path), {
    code: "io_failed",
    message: `Cannot write "${path}": it is not a ready file of fob`,
  });
  await rejects(readyFile(directory.path), { code: "io_failed" });
  equal(await Deno.readTextFile(path), "mine\n");
});

Deno.test({
  name: "what would never end is not read",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using directory = await makeTemporaryDirectory();
    const path = `${directory.path}/pipe`;
    equal((await new Deno.Command("mkfifo", { args: [path] }).output()).code, 0);
    await rejects(readyFile(path), {
      code: "io_failed",
      message: `Cannot write "${path}": it is not a ready file of fob`,
    });
  },
});

Deno.test("another program's is left where it took the place", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/ready`;
  {
    await using ready = await readyFile(path);
    await ready.write();
    await Deno.writeTextFile(path, "1\n");
  }
  equal(await Deno.readTextFile(path), "1\n");
});

Deno.test("that there is no folder for it is told", async () => {
  await using directory = await makeTemporaryDirectory();
  const ready = await readyFile(`${directory.path}/none/ready`);
  await rejects(ready.write(), { code: "io_failed", message: /^Cannot write ".*ready": / });
});
