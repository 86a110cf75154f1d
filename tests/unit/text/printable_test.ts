import assert from "node:assert/strict";
import fc from "fast-check";
import { foreignText, printable, replaceUnprintable } from "../../../src/text/printable.ts";

Deno.test("foreign text is one line of at most 200 characters without control characters", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
    const clean = foreignText(text);
    assert.ok([...clean].length <= 200);
    assert.doesNotMatch(clean, /[\p{C}\p{Zl}\p{Zp}]/u);
  }));
});

Deno.test("text that is harmless already stays as it is", () => {
  assert.equal(foreignText("grant request is invalid"), "grant request is invalid");
  assert.equal(foreignText("Änderung 日本 🙂"), "Änderung 日本 🙂");
});

Deno.test("an escape sequence and a turned reading direction lose their power", () => {
  assert.equal(foreignText("a\x1b[2Jb\r\nc\u202ed"), "a [2Jb c d");
});

Deno.test("printable text keeps its length where no limit is given, and is cut with a sign at one", () => {
  assert.equal(printable(" a\n\t b "), "a b");
  assert.equal(printable("x".repeat(5000)).length, 5000);
  assert.equal(printable("🙂🙂🙂🙂", 3), "🙂🙂…");
  assert.equal(printable("🙂🙂🙂", 3), "🙂🙂🙂");
});

Deno.test("each character that is not printable is replaced alone, so that columns keep their width", () => {
  assert.equal(replaceUnprintable("a\x1b[2J  b\u2028"), "a [2J  b ");
  assert.equal(replaceUnprintable("a\x00\u202e", () => "?"), "a??");
});
