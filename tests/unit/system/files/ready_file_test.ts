import { equal, rejects } from "node:assert/strict";
import { readyFile } from "../../../../src/system/files/ready_file.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

async function names(directory: string): Promise<string> {
  return (await Array.fromAsync(Deno.readDir(directory), ({ name }) => name)).sort().join();
}

Deno.test("the file exists from write until dispose", async () => {
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

Deno.test("the file of a killed program is removed before the next one is ready", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/ready`;
  await Deno.writeTextFile(path, "1\n");
  await readyFile(path);
  equal(await names(directory.path), "");
});

Deno.test({
  name: "the file is readable by other users",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using directory = await makeTemporaryDirectory();
    const path = `${directory.path}/ready`;
    await using ready = await readyFile(path);
    await ready.write();
    equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o644);
  },
});

Deno.test("any other file at its path is kept, and is an error", async () => {
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
  name: "a file that blocks is not read",
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

Deno.test("a file that another program has replaced is not removed", async () => {
  await using directory = await makeTemporaryDirectory();
  const path = `${directory.path}/ready`;
  {
    await using ready = await readyFile(path);
    await ready.write();
    await Deno.writeTextFile(path, "1\n");
  }
  equal(await Deno.readTextFile(path), "1\n");
});

Deno.test("a missing directory is an error", async () => {
  await using directory = await makeTemporaryDirectory();
  const ready = await readyFile(`${directory.path}/none/ready`);
  await rejects(ready.write(), { code: "io_failed", message: /^Cannot write ".*ready": / });
});
