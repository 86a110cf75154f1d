import assert from "node:assert/strict";
import { type RunRecords, runRecords } from "../../../src/system/run_records.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { makeTemporaryDirectory } from "../../fakes/temporary_directory.ts";

async function withRecords(
  body: (records: RunRecords, state: string) => Promise<void>,
): Promise<void> {
  await using directory = await makeTemporaryDirectory();
  const state = `${directory.path}/state`;
  await body(runRecords({ config: "", state }, systemClock(), () => {}), state);
}

Deno.test("a record is seen while its run is there, and is nobody else's", () =>
  withRecords(async (records) => {
    using record = await records.open("a");
    assert.deepEqual(await records.look(), []);
    await record.write("one");
    await record.write("two");
    assert.deepEqual(await records.look(), [{ id: "a", text: "two", isAlive: true }]);
    assert.equal(await records.adopt("a"), undefined);
  }));

Deno.test("a record whose run has ended is one other's", () =>
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

Deno.test("what is removed leaves no file, and cannot be adopted", () =>
  withRecords(async (records, state) => {
    const record = await records.open("a");
    await record.write("one");
    await record.remove();
    assert.equal(await records.adopt("a"), undefined);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(`${state}/leases`)), []);
  }));

Deno.test("where nothing was ever recorded there is nothing, and looking makes nothing", () =>
  withRecords(async (records, state) => {
    assert.deepEqual(await records.look(), []);
    await assert.rejects(Deno.stat(state), Deno.errors.NotFound);
  }));

Deno.test({
  name: "records are this user's alone",
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
