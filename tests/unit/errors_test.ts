import assert from "node:assert/strict";
import { codes, type ErrorCode, exitCode, FobError } from "../../src/errors.ts";

Deno.test("each documented error code has its exit code", () => {
  const promised: Partial<Record<ErrorCode, number>> = {
    failed: 1,
    usage: 2,
    not_signed_in: 3,
    sign_in_again: 4,
    store_locked: 5,
    store_denied: 5,
    store_timeout: 5,
    store_unavailable: 5,
    provider_unreachable: 6,
    command_not_executable: 126,
    command_not_found: 127,
    interrupted: 130,
  };
  for (const [code, exit] of Object.entries(promised)) {
    assert.equal(exitCode(code as ErrorCode), exit, code);
  }
});

Deno.test("every failure of a store exits with 5, and no code exits with 0", () => {
  for (const [code, exit] of Object.entries(codes)) {
    assert.ok([1, 2, 3, 4, 5, 6, 126, 127, 130].includes(exit), code);
    if (code.startsWith("store_")) assert.equal(exit, 5, code);
  }
});

Deno.test("an error has its code, its cause and its facts", () => {
  const cause = new Error("below");
  const error = new FobError("failed", "Above", { cause, facts: { path: "p" } });
  assert.deepEqual([error.name, error.code, error.message], ["FobError", "failed", "Above"]);
  assert.equal(error.cause, cause);
  assert.deepEqual(error.facts, { path: "p" });
});

Deno.test("an error without detail has no cause and no facts", () => {
  const error = new FobError("failed", "Alone");
  assert.ok(!("cause" in error));
  assert.deepEqual(error.facts, {});
});
