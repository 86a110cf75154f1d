import assert from "node:assert/strict";
import { systemClock } from "../../../../src/system/clock.ts";
import { fileLocks } from "../../../../src/system/files/locks.ts";
import { type RunRecords, runRecords } from "../../../../src/system/files/run_records.ts";
import { FakeClock } from "../../../fakes/machine/clock.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

async function namesIn(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory), ({ name }) => name)).sort();
}

async function withRecords(
  body: (records: RunRecords, state: string) => Promise<void>,
): Promise<void> {
  await using directory = await makeTemporaryDirectory();
  const state = `${directory.path}/state`;
  await body(runRecords({ config: "", state }, systemClock(), () => {}), state);
}

Deno.test("a record is listed while its run is alive, and cannot be adopted", () =>
  withRecords(async (records) => {
    using record = await records.open("a");
    assert.deepEqual(await records.look(), []);
    await record.write("one");
    await record.write("two");
    assert.deepEqual(await records.look(), [{ id: "a", text: "two", isAlive: true }]);
    assert.equal(await records.adopt("a"), undefined);
  }));

Deno.test("a record can be adopted once, after its run has ended", () =>
  withRecords(async (records) => {
    const record = await records.open("a");
    await record.write("left");
    record[Symbol.dispose]();
    assert.deepEqual(await records.look(), [{ id: "a", text: "left", isAlive: false }]);
    using mine = await records.adopt("a");
    assert.equal(await mine?.read(), "left");
    assert.equal(await records.adopt("a"), undefined);
    await mine?.remove();
    assert.deepEqual(await records.look(), []);
  }));

Deno.test("a removed record leaves no file, and cannot be adopted", () =>
  withRecords(async (records, state) => {
    const record = await records.open("a");
    await record.write("one");
    await record.remove();
    assert.equal(await records.adopt("a"), undefined);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(`${state}/leases`)), []);
  }));

Deno.test("a look removes files without a record, and no file of an existing record", () =>
  withRecords(async (records, state) => {
    using running = await records.open("running");
    const left = await records.open("left");
    await left.write("left");
    left[Symbol.dispose]();
    const folder = `${state}/leases`;
    const strays = ["b.lock", "c.lock", ".c.json.fob-0a1b2c3d", ".d.json.fob-0a1b2c3d"];
    for (const name of [...strays, ".running.json.fob-0a1b2c3d", ".left.json.fob-0a1b2c3d"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    assert.deepEqual((await records.look()).map(({ id }) => id), ["left"]);
    assert.deepEqual(await namesIn(folder), [
      ".left.json.fob-0a1b2c3d",
      ".running.json.fob-0a1b2c3d",
      "left.json",
      "left.lock",
      "running.lock",
    ]);
    await (await records.adopt("left"))?.remove();
    await running.remove();
    assert.deepEqual(await namesIn(folder), []);
  }));

Deno.test("a look removes no lock while a record is opened, and ignores errors", () =>
  withRecords(async (records, state) => {
    (await records.open("a"))[Symbol.dispose]();
    const directories = { config: "", state };
    using _making = await fileLocks(directories, systemClock(), () => {}).take("leases", 0);
    const clock = new FakeClock(0);
    assert.deepEqual(await runRecords(directories, clock, () => {}).look(), []);
    assert.deepEqual(await namesIn(`${state}/leases`), ["a.lock"]);
  }));

Deno.test("without records a look returns nothing and creates nothing", () =>
  withRecords(async (records, state) => {
    assert.deepEqual(await records.look(), []);
    await assert.rejects(Deno.stat(state), Deno.errors.NotFound);
  }));

Deno.test({
  name: "records are private",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withRecords(async (records, state) => {
      using record = await records.open("a");
      await record.write("one");
      const modes = await Promise.all(
        ["", "/leases", "/leases/a.json", "/leases/a.lock"].map(async (path) =>
          ((await Deno.stat(state + path)).mode ?? 0) & 0o777
        ),
      );
      assert.deepEqual(modes, [0o700, 0o700, 0o600, 0o600]);
    }),
});
