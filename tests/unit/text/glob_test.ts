import assert from "node:assert/strict";
import fc from "fast-check";
import { isWild, matchesParts } from "../../../src/text/glob.ts";

function matches(pattern: string, path: string): boolean {
  return matchesParts(pattern.split("/"), path === "" ? [] : path.split("/"));
}

Deno.test("* matches within a part, ** across parts, and ? one character", () => {
  const all: readonly [string, string, boolean][] = [
    ["a/*/c", "a/b/c", true],
    ["a/*/c", "a/b/b/c", false],
    ["a/**/c", "a/c", true],
    ["a/**/c", "a/b/b/c", true],
    ["a/**", "a", true],
    ["**", "", true],
    ["*", "", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a?c", "a\u{1F600}c", true],
    ["a*c*e", "abcde", true],
    ["a*c*e", "abcd", false],
    ["*.ab", "x.a.ab", true],
    ["a.c", "abc", false],
    ["a[b]", "ab", false],
    ["A", "a", false],
    ["a**b", "axxb", true],
    ["a", "a/b", false],
  ];
  for (const [pattern, path, expected] of all) {
    assert.equal(matches(pattern, path), expected, `${pattern} ${path}`);
  }
});

/** A reference implementation: the definition, with exponential time. */
function slowly(pattern: readonly string[], values: readonly string[], many: string): boolean {
  const [one, ...others] = pattern;
  if (one === undefined) return values.length === 0;
  if (one === many) {
    return values.some((_, at) => slowly(others, values.slice(at), many)) ||
      slowly(others, [], many);
  }
  const [value, ...rest] = values;
  const fits = value !== undefined &&
    (many === "**" ? slowly([...one], [...value], "*") : one === "?" || one === value);
  return fits && slowly(others, rest, many);
}

Deno.test("matchesParts agrees with a reference implementation", () => {
  const part = fc.array(fc.constantFrom("a", "b", "*", "?"), { minLength: 1, maxLength: 4 });
  const parts = fc.array(part.map((it) => it.join("")), { maxLength: 5 });
  const plain = fc.array(fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 4 }), {
    maxLength: 5,
  }).map((found) => found.map((it) => it.join("")));
  fc.assert(fc.property(parts, plain, (pattern, values) => {
    assert.equal(matchesParts(pattern, values), slowly(pattern, values, "**"));
  }));
});

Deno.test("matchesParts takes polynomial time for any text", () => {
  const pattern = ["*a*a*a*a*a*a*a*b", "**", "*x", "**", "*y"];
  // Backtracking over all combinations would take longer than the test limit.
  assert.equal(matchesParts(pattern, ["a".repeat(2000), ...Array(500).fill("ax")]), false);
});

Deno.test("only * and ? are wildcards", () => {
  assert.deepEqual(["*", "a?", "**", "a", "[a]", "{a}"].map(isWild), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
