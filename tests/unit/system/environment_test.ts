import assert from "node:assert/strict";
import { systemEnvironment } from "../../../src/system/environment.ts";

Deno.test("a variable that is empty counts as absent", () => {
  const name = "FOB_TEST_VARIABLE";
  try {
    assert.equal(systemEnvironment().get(name), undefined);
    Deno.env.set(name, "");
    assert.equal(systemEnvironment().get(name), undefined);
    Deno.env.set(name, "0");
    assert.equal(systemEnvironment().get(name), "0");
  } finally {
    Deno.env.delete(name);
  }
});
