import assert from "node:assert/strict";
import { clockSkew, skewNotice } from "../../../src/oauth/clock_skew.ts";
import { noon } from "./fixture.ts";

function headersAt(moment: number, more: Record<string, string> = {}): Headers {
  return new Headers({ date: new Date(moment).toUTCString(), ...more });
}

Deno.test("the skew is what the server's clock is ahead, in seconds", () => {
  assert.equal(clockSkew(headersAt(noon + 3_600_000), noon), 3600);
  assert.equal(clockSkew(headersAt(noon - 60_000), noon), -60);
});

Deno.test("an answer from a cache is as old as it says", () => {
  assert.equal(clockSkew(headersAt(noon - 3_600_000, { age: "3600" }), noon), 0);
});

Deno.test("a missing or senseless date tells of no skew", () => {
  assert.equal(clockSkew(new Headers(), noon), undefined);
  assert.equal(clockSkew(new Headers({ date: "yesterday" }), noon), undefined);
  assert.equal(clockSkew(headersAt(noon, { age: "old" }), noon), undefined);
});

Deno.test("five minutes are nobody's business, an hour is told with its direction", () => {
  assert.equal(skewNotice(300), undefined);
  assert.equal(skewNotice(-300), undefined);
  const told = "This computer's clock is about";
  const than = "the sign-in server's clock";
  assert.equal(skewNotice(3600), `${told} 60 minutes behind ${than}`);
  assert.equal(skewNotice(-301), `${told} 5 minutes ahead of ${than}`);
  assert.equal(skewNotice(86_400), `${told} 24 hours behind ${than}`);
});
