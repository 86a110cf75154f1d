import assert from "node:assert/strict";
import { systemEnvironment } from "../../../src/system/environment.ts";

Deno.test("an empty variable counts as unset", () => {
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
