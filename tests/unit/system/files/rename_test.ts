import assert from "node:assert/strict";
import { type System } from "../../../../src/system/files/paths.ts";
import { rename, type RenameNeeds } from "../../../../src/system/files/rename.ts";
import { FakeClock } from "../../../fakes/machine/clock.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

const refusals = [
  new Deno.errors.PermissionDenied("Access is denied. (os error 5)"),
  new Error("The process cannot access the file. (os error 32)"),
];

/** A system that refuses `times` times, with each of the errors in turn. */
function refusing(times: number, system: System): RenameNeeds & { tries: number } {
  const needs = {
    system,
    clock: new FakeClock(0),
    tries: 0,
    rename: (): Promise<void> =>
      ++needs.tries > times
        ? Promise.resolve()
        : Promise.reject(refusals[needs.tries % refusals.length]),
  };
  return needs;
}

Deno.test("on Windows a rename is retried while the file is open", async () => {
  const needs = refusing(20, "windows");
  await rename("from", "to", needs);
  assert.equal(needs.tries, 21);
  assert.ok(needs.clock.now() < 2_000);
});

Deno.test("a file that stays open is an error after two seconds", async () => {
  const needs = refusing(Infinity, "windows");
  await assert.rejects(rename("from", "C:\\to", needs), (error: Error) => {
    assert.ok(error instanceof Deno.errors.Busy);
    assert.match(error.message, /"C:\\to": another program has it open/);
    assert.ok(refusals.some((refusal) => refusal === error.cause));
    return true;
  });
  assert.ok(needs.clock.now() >= 2_000 && needs.clock.now() < 2_100);
});

Deno.test("on other systems, and for other errors, a rename is not retried", async () => {
  const needs = refusing(1, "linux");
  await assert.rejects(rename("from", "to", needs), /os error 32/);
  assert.equal(needs.tries, 1);
  await using directory = await makeTemporaryDirectory();
  const missing = `${directory.path}/none`;
  await assert.rejects(
    rename(missing, `${missing}2`, { ...refusing(0, "windows"), rename: Deno.rename }),
    Deno.errors.NotFound,
  );
});
