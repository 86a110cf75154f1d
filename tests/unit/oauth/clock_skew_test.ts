import assert from "node:assert/strict";
import { clockSkew, skewNotice } from "../../../src/oauth/clock_skew.ts";
import { noon } from "./fixture.ts";

function headersAt(moment: number, more: Record<string, string> = {}): Headers {
  return new Headers({ date: new Date(moment).toUTCString(), ...more });
}

Deno.test("the skew is the number of seconds that the server's clock is ahead", () => {
  assert.equal(clockSkew(headersAt(noon + 3_600_000), noon), 3600);
  assert.equal(clockSkew(headersAt(noon - 60_000), noon), -60);
});

Deno.test("the age of a cached response counts", () => {
  assert.equal(clockSkew(headersAt(noon - 3_600_000, { age: "3600" }), noon), 0);
});

Deno.test("a missing or invalid date gives no skew", () => {
  assert.equal(clockSkew(new Headers(), noon), undefined);
  assert.equal(clockSkew(new Headers({ date: "yesterday" }), noon), undefined);
  assert.equal(clockSkew(headersAt(noon, { age: "old" }), noon), undefined);
});

Deno.test("a skew of five minutes gives no notice, an hour gives one with its direction", () => {
  assert.equal(skewNotice(300), undefined);
  assert.equal(skewNotice(-300), undefined);
  const start = "This computer's clock is about";
  const end = "the sign-in server's clock";
  assert.equal(skewNotice(3600), `${start} 60 minutes behind ${end}`);
  assert.equal(skewNotice(-301), `${start} 5 minutes ahead of ${end}`);
  assert.equal(skewNotice(86_400), `${start} 24 hours behind ${end}`);
});
