import assert from "node:assert/strict";
import fc from "fast-check";
import { foreignText, printable, replaceUnprintable } from "../../../src/text/printable.ts";

Deno.test("foreignText returns one line of at most 200 characters without control characters", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
    const clean = foreignText(text);
    assert.ok([...clean].length <= 200);
    assert.doesNotMatch(clean, /[\p{C}\p{Zl}\p{Zp}]/u);
  }));
});

Deno.test("foreignText keeps printable text unchanged", () => {
  assert.equal(foreignText("grant request is invalid"), "grant request is invalid");
  assert.equal(foreignText("Änderung 日本 🙂"), "Änderung 日本 🙂");
});

Deno.test("foreignText removes escape sequences and direction overrides", () => {
  assert.equal(foreignText("a\x1b[2Jb\r\nc\u202ed"), "a [2Jb c d");
});

Deno.test("printable cuts text only at a limit, and marks the cut", () => {
  assert.equal(printable(" a\n\t b "), "a b");
  assert.equal(printable("x".repeat(5000)).length, 5000);
  assert.equal(printable("🙂🙂🙂🙂", 3), "🙂🙂…");
  assert.equal(printable("🙂🙂🙂", 3), "🙂🙂🙂");
});

Deno.test("replaceUnprintable replaces each character by one, so that columns keep their width", () => {
  assert.equal(replaceUnprintable("a\x1b[2J  b\u2028"), "a [2J  b ");
  assert.equal(replaceUnprintable("a\x00\u202e", () => "?"), "a??");
});
