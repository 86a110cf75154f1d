import assert from "node:assert/strict";
import { systemClock } from "../../../src/system/clock.ts";

Deno.test("a sleep ends after its duration", async () => {
  const clock = systemClock();
  const start = performance.now();
  await clock.sleep(30);
  assert.ok(performance.now() - start >= 29);
});

Deno.test("an aborted sleep rejects at once with the signal's reason", async () => {
  const reason = new Error("enough");
  const abort = new AbortController();
  const start = performance.now();
  const sleeping = systemClock().sleep(60_000, abort.signal);
  abort.abort(reason);
  await assert.rejects(sleeping, reason);
  assert.ok(performance.now() - start < 5_000);
});

Deno.test("a sleep with an already aborted signal rejects at once", async () => {
  const reason = new Error("enough");
  await assert.rejects(systemClock().sleep(60_000, AbortSignal.abort(reason)), reason);
});

Deno.test("an abort after a sleep has no effect", async () => {
  const abort = new AbortController();
  await systemClock().sleep(1, abort.signal);
  abort.abort(new Error("late"));
  await systemClock().sleep(1);
});

Deno.test("now returns the computer's time", () => {
  assert.ok(Math.abs(systemClock().now() - Date.now()) < 1_000);
});
