import assert from "node:assert/strict";
import { systemClock } from "../../../../src/system/clock.ts";
import {
  openTemporaryDirectory,
  type TemporaryDirectory,
} from "../../../../src/system/files/temporary_directory.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

function open(directory: string): Promise<TemporaryDirectory> {
  const directories = { config: directory, state: `${directory}/state` };
  return openTemporaryDirectory(directories, systemClock(), () => {});
}

async function foldersIn(directory: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(`${directory}/state/tmp`));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
}

Deno.test("a file in the directory has mode 0600, and is removed with it", async () => {
  await using directory = await makeTemporaryDirectory();
  const folder = await open(directory.path);
  const path = await folder.write("TOKEN", "secret");
  assert.equal(await Deno.readTextFile(path), "secret");
  if (Deno.build.os !== "windows") assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  await folder[Symbol.asyncDispose]();
  assert.deepEqual(await foldersIn(directory.path), []);
});

Deno.test("the directory of a killed process is removed when the next one is made", async () => {
  await using directory = await makeTemporaryDirectory();
  await using living = await open(directory.path);
  const kept = await living.write("TOKEN", "kept");
  // A killed process holds no lock.
  const orphan = `${directory.path}/state/tmp/orphan`;
  await Deno.mkdir(orphan);
  await Deno.writeTextFile(`${orphan}/TOKEN`, "left");
  await using _next = await open(directory.path);
  assert.equal(await Deno.readTextFile(kept), "kept");
  assert.equal((await foldersIn(directory.path)).length, 2);
  await assert.rejects(Deno.stat(orphan), Deno.errors.NotFound);
});
