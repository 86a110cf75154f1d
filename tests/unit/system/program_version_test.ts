import assert from "node:assert/strict";
import { programVersion } from "../../../src/system/program_version.ts";

Deno.test("a program that is not in the list of known ones is not run", async () => {
  // The test's own process would accept --version.
  assert.equal(await programVersion(Deno.pid, "deno"), undefined);
});

Deno.test({
  name: "the version is that of the file that the process runs",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    assert.equal(await programVersion(Deno.pid, "dbus-daemon"), Deno.version.deno);
  },
});

Deno.test("a missing process has no version", async () => {
  assert.equal(await programVersion(2 ** 22 + 1, "dbus-daemon"), undefined);
});
