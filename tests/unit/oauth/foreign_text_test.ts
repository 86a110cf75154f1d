import assert from "node:assert/strict";
import fc from "fast-check";
import { foreignText } from "../../../src/oauth/foreign_text.ts";

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
