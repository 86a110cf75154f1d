import assert from "node:assert/strict";
import { appendToStep } from "../../../../src/system/files/step_file.ts";
import { makeTemporaryDirectory } from "../../../fakes/machine/temporary_directory.ts";

Deno.test("the announcement is printed first, and the lines are appended", async () => {
  await using folder = await makeTemporaryDirectory();
  const path = `${folder.path}/step`;
  await Deno.writeTextFile(path, "EARLIER=1\n");
  const seen: string[] = [];
  await appendToStep(path, "A=1\n", () => void seen.push(Deno.readTextFileSync(path)));
  assert.deepEqual(seen, ["EARLIER=1\n"]);
  assert.equal(await Deno.readTextFile(path), "EARLIER=1\nA=1\n");
});

Deno.test("an unfinished last line is ended before lines are appended", async () => {
  await using folder = await makeTemporaryDirectory();
  const path = `${folder.path}/step`;
  for (const [before, after] of [["A=1", "A=1\nB=2\n"], ["", "B=2\n"]] as const) {
    await Deno.writeTextFile(path, before);
    await appendToStep(path, "B=2\n", () => {});
    assert.equal(await Deno.readTextFile(path), after);
  }
});

Deno.test("if the announcement goes into the file, the file is restored", async () => {
  await using folder = await makeTemporaryDirectory();
  const path = `${folder.path}/step`;
  await Deno.writeTextFile(path, "EARLIER=1\n");
  const append = (): void => Deno.writeTextFileSync(path, "::add-mask::hush\n", { append: true });
  await assert.rejects(appendToStep(path, "A=hush\n", append), { code: "usage" });
  assert.equal(await Deno.readTextFile(path), "EARLIER=1\n");
});

Deno.test("a missing file is not created, and nothing is announced", async () => {
  await using folder = await makeTemporaryDirectory();
  const path = `${folder.path}/gone`;
  await assert.rejects(appendToStep(path, "A=1\n", assert.fail), { code: "io_failed" });
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
});
