import assert from "node:assert/strict";
import { present } from "../../src/present.ts";

Deno.test("present keeps every field that is not undefined, in order", () => {
  const kept = present({ a: undefined, b: "", c: 0, d: false, e: ["x"] });
  assert.deepEqual(Object.entries(kept), [["b", ""], ["c", 0], ["d", false], ["e", ["x"]]]);
});

Deno.test("present makes a field that may be undefined an optional one", () => {
  const absent = (): string | undefined => undefined;
  const fields: { readonly name: string; readonly host?: string } = present({
    name: "work",
    host: absent(),
  });
  assert.deepEqual(fields, { name: "work" });
});
