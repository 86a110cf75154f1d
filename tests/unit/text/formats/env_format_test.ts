import assert from "node:assert/strict";
import fc from "fast-check";
import { applyEdits, takeBackEdits } from "../../../../src/connect/edits.ts";
import { lines } from "../../../../src/text/formats/env_format.ts";

const key = ["//registry.example.com/:tokenHelper"];

const texts = fc.record({
  bom: fc.constantFrom("", "\uFEFF"),
  lines: fc.array(
    fc.constantFrom("a=b", "# c = d", "", "  x = y  ", "; z", "odd", "//r/:_auth=${T}"),
  ),
  eol: fc.constantFrom("\n", "\r\n"),
  isEnded: fc.boolean(),
}).map(({ bom, lines, eol, isEnded }) =>
  bom + lines.join(eol) + (isEnded && lines.length > 0 ? eol : "")
);

Deno.test("a new line goes to the end, changes no other byte, and can be taken back", () => {
  fc.assert(fc.property(texts, (text) => {
    const { text: after, settings } = applyEdits(
      text,
      () => [{ key, value: "/bin/fob" }],
      "f",
      lines,
    );
    const get = (it: string, name: string): unknown => lines.get(it.replace(/^\uFEFF/, ""), [name]);
    assert.equal(get(after, key.join()), "/bin/fob");
    assert.ok(after.startsWith(text));
    assert.equal(takeBackEdits(after, settings, text, "f", lines), text);
    for (const name of ["a", "x"]) assert.equal(get(after, name), get(text, name));
  }));
});

Deno.test("of a line that is there only the value changes, of two the last one's", () => {
  assert.equal(lines.set("a = 1\n a=2 \r\nb=3", ["a"], "n"), "a = 1\n a=n \r\nb=3");
  assert.equal(lines.get("#a=1\n;a=2\n", ["a"]), undefined);
});

Deno.test("what tools would read differently is not written", () => {
  for (const value of ["a # b", 'a"b', "a\nb", " a"]) {
    assert.throws(() => lines.set("", ["a"], value), { code: "config_invalid" }, value);
  }
});
