import assert from "node:assert/strict";
import { deferInterrupts } from "../../../src/system/interrupts.ts";
import { startProgram } from "../../fakes/machine/child_program.ts";

const worker = new URL("deferred_work.ts", import.meta.url);

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.test(`work during ${signal} runs to its end, then throws interrupted`, async () => {
    await using child = startProgram(worker, ["300"]);
    assert.equal(await child.nextLine(), "working");
    child.process.kill(signal);
    assert.equal(await child.nextLine(), "worked");
    assert.equal(await child.nextLine(), `interrupted: Stopped by ${signal}`);
  });
}

Deno.test("after the work, a signal ends the process", async () => {
  await using child = startProgram(worker, ["1"]);
  for (const line of ["working", "worked", "result"]) assert.equal(await child.nextLine(), line);
  child.process.kill("SIGTERM");
  assert.equal((await child.process.status).signal, "SIGTERM");
});

Deno.test("many signals do not end the work early", async () => {
  await using child = startProgram(worker, ["400"]);
  assert.equal(await child.nextLine(), "working");
  for (let i = 0; i < 5; i++) {
    child.process.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.equal(await child.nextLine(), "worked");
  assert.equal(await child.nextLine(), "interrupted: Stopped by SIGINT");
});

Deno.test("work that fails after a signal throws interrupted", async () => {
  await using child = startProgram(worker, ["300", "broken"]);
  assert.equal(await child.nextLine(), "working");
  child.process.kill("SIGINT");
  assert.equal(await child.nextLine(), "worked");
  assert.equal(await child.nextLine(), "interrupted: Stopped by SIGINT");
});

Deno.test("without a signal, the result or the error of the work is returned", async () => {
  assert.equal(await deferInterrupts(() => Promise.resolve(1)), 1);
  const failure = new Error("broken");
  await assert.rejects(deferInterrupts(() => Promise.reject(failure)), failure);
});
