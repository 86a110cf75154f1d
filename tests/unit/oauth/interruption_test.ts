import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import { interruption } from "../../../src/oauth/interruption.ts";

Deno.test("the reason of a signal is thrown", () => {
  const reason = new FobError("failed", "Enough");
  assert.equal(interruption(AbortSignal.abort(reason)), reason);
});

Deno.test("a DOMException becomes sign_in_timeout or interrupted", () => {
  const codeOf = (reason?: unknown) => (interruption(AbortSignal.abort(reason)) as FobError).code;
  assert.equal(codeOf(), "interrupted");
  assert.equal(codeOf(new DOMException("late", "TimeoutError")), "sign_in_timeout");
});
