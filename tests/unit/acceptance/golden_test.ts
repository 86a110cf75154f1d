import { equal, notEqual } from "node:assert/strict";
import fc from "fast-check";
import { difference, matchesLine } from "../../acceptance/runner/golden.ts";

Deno.test("[..] matches any text within a line, empty text included", () => {
  equal(matchesLine("token at-1-x, 3600 s\n", "token [..], [..] s\n"), true);
  equal(matchesLine("ab", "a[..]b"), true);
  equal(matchesLine("xab", "a[..]b"), false);
  equal(matchesLine("a\nb", "a[..]b"), false);
});

Deno.test("all other text matches literally", () => {
  equal(matchesLine("a.b", "a.b"), true);
  equal(matchesLine("axb", "a.b"), false);
  equal(matchesLine("a", "[.]"), false);
});

Deno.test("a text matches itself, and with [..] in place of any part of a line", () => {
  const line = fc.string().map((text) => text.replaceAll("\n", ""));
  fc.assert(fc.property(fc.array(line), line, line, line, (lines, before, piece, after) => {
    const text = joined([...lines, before + piece + after]);
    equal(difference(text, text), undefined);
    equal(difference(text, joined([...lines, `${before}[..]${after}`])), undefined);
  }));
});

Deno.test("texts that differ have a difference", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (text, golden) => {
    fc.pre(text !== golden && !golden.includes("[..]"));
    notEqual(difference(text, golden), undefined);
  }));
});

Deno.test("a difference shows missing, unexpected and matching lines", () => {
  equal(difference("a\nb\nc\n", "a\nc\nd\n"), "  a\n+ b\n  c\n- d");
  equal(difference("1 s\nx\n", "[..] s\ny\n"), "  1 s\n- y\n+ x");
});

Deno.test("a missing line feed and a carriage return are visible differences", () => {
  equal(difference("a", "a\n"), "- a\n+ a (no line feed)");
  equal(difference("a\r\n", "a\n"), "- a\n+ a\\x0d");
});

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
