import assert from "node:assert/strict";
import fc from "fast-check";
import { expirySeconds, expiryTime } from "../../../src/protocols/expiry.ts";

Deno.test("an expiry is rounded down to whole seconds", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: Date.UTC(9999) }), (time) => {
    const seconds = expirySeconds(time) ?? NaN;
    assert.ok(seconds * 1000 <= time && time < seconds * 1000 + 1000);
    assert.equal(Date.parse(expiryTime(time) ?? ""), seconds * 1000);
    assert.match(expiryTime(time) ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }));
});

Deno.test("an expiry far in the future or the past is limited to a valid time", () => {
  for (const time of [Infinity, 8.64e15, Number.MAX_VALUE]) {
    assert.equal(expiryTime(time), "9999-12-31T00:00:00Z");
  }
  for (const time of [-1, -Infinity]) assert.equal(expirySeconds(time), 0);
  for (const time of [undefined, NaN]) {
    assert.deepEqual([expirySeconds(time), expiryTime(time)], [undefined, undefined]);
  }
});
