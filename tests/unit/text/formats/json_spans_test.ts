import assert from "node:assert/strict";
import fc from "fast-check";
import { readJsonStrings } from "../../../../src/text/formats/json_spans.ts";

function stringsIn(value: unknown, path: readonly string[] = []): [string[], string][] {
  if (typeof value === "string") return [[[...path], value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, [...path, key]));
}

Deno.test("readJsonStrings returns every string with its path and offsets", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, space) => {
    const text = JSON.stringify(value, undefined, space);
    const found = readJsonStrings(text);
    assert.deepEqual(
      found.map(({ path, value }) => [path, value]),
      stringsIn(JSON.parse(text)),
    );
    for (const { start, end, value } of found) {
      assert.equal(JSON.parse(text.slice(start - 1, end + 1)), value);
    }
  }));
});
