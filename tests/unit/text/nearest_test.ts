import assert from "node:assert/strict";
import fc from "fast-check";
import { nearest } from "../../../src/text/nearest.ts";

Deno.test("nearest finds a name with a typing error", () => {
  const names = ["production", "staging", "personal"];
  for (
    const typed of ["prodction", "prodcution", "producttion", "productiom", "PRODUCTION", "prod"]
  ) {
    assert.equal(nearest(typed, names)[0], "production", typed);
  }
});

Deno.test("nearest returns at most three names, the nearest first", () => {
  const names = ["workxx", "workx", "work", "wor", "works"];
  const found = nearest("work", names);
  assert.equal(found[0], "work");
  assert.equal(found.length, 3);
});

Deno.test("nearest counts two swapped letters as one error", () => {
  assert.deepEqual(nearest("wrok", ["wrxx", "work"]), ["work", "wrxx"]);
});

Deno.test("nearest ignores a name without a common letter", () => {
  const [left, right] = ["abcdefg", "tuvwxyz"].map((unit) =>
    fc.string({ unit: fc.constantFrom(...unit), minLength: 1, maxLength: 12 })
  );
  fc.assert(fc.property(left!, fc.array(right!), (typed, names) => {
    assert.deepEqual(nearest(typed, names), []);
  }));
});

Deno.test("nearest returns only candidates, and an exact match first", () => {
  fc.assert(fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (names) => {
    const found = nearest(names[0]!, names);
    assert.equal(found[0]?.toLowerCase(), names[0]!.toLowerCase());
    assert.ok(found.every((name) => names.includes(name)));
  }));
});

Deno.test("nearest returns nothing without candidates or input", () => {
  assert.deepEqual(nearest("work", []), []);
});
