import assert from "node:assert/strict";
import fc from "fast-check";
import { nearest } from "../../../src/text/nearest.ts";

Deno.test("a slip of the finger is near", () => {
  const names = ["production", "staging", "personal"];
  for (
    const typed of ["prodction", "prodcution", "producttion", "productiom", "PRODUCTION", "prod"]
  ) {
    assert.equal(nearest(typed, names)[0], "production", typed);
  }
});

Deno.test("the nearest is first, and there are three at most", () => {
  const names = ["workxx", "workx", "work", "wor", "works"];
  const found = nearest("work", names);
  assert.equal(found[0], "work");
  assert.equal(found.length, 3);
});

Deno.test("two letters that changed places are one slip, not two", () => {
  assert.deepEqual(nearest("wrok", ["wrxx", "work"]), ["work", "wrxx"]);
});

Deno.test("a word that shares no letter with a name is far from it", () => {
  const [left, right] = ["abcdefg", "tuvwxyz"].map((unit) =>
    fc.string({ unit: fc.constantFrom(...unit), minLength: 1, maxLength: 12 })
  );
  fc.assert(fc.property(left!, fc.array(right!), (typed, names) => {
    assert.deepEqual(nearest(typed, names), []);
  }));
});

Deno.test("a name is nearest to itself, and only names that there are are near", () => {
  fc.assert(fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (names) => {
    const found = nearest(names[0]!, names);
    assert.equal(found[0]?.toLowerCase(), names[0]!.toLowerCase());
    assert.ok(found.every((name) => names.includes(name)));
  }));
});

Deno.test("where there is nothing, nothing is near", () => {
  assert.deepEqual(nearest("work", []), []);
});
