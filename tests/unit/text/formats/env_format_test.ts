import assert from "node:assert/strict";
import fc from "fast-check";
import { applyEdits, undoEdits } from "../../../../src/connect/edits.ts";
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

Deno.test("env: a new line is added at the end, changes no other byte, and can be removed", () => {
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
    assert.equal(undoEdits(after, settings, text, "f", lines), text);
    for (const name of ["a", "x"]) assert.equal(get(after, name), get(text, name));
  }));
});

Deno.test("env: setting an existing name changes only the value of its last line", () => {
  assert.equal(lines.set("a = 1\n a=2 \r\nb=3", ["a"], "n"), "a = 1\n a=n \r\nb=3");
  assert.equal(lines.get("#a=1\n;a=2\n", ["a"]), undefined);
});

Deno.test("env: values that tools read differently are rejected", () => {
  for (const value of ["a # b", 'a"b', "a\nb", " a"]) {
    assert.throws(() => lines.set("", ["a"], value), { code: "config_invalid" }, value);
  }
});
