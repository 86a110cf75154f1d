import assert from "node:assert/strict";
import { isObject, objectOf, parseObject } from "../../../src/text/json_object.ts";

Deno.test("isObject accepts a JSON object, and rejects an array and null", () => {
  for (const value of [{}, { a: 1 }, Object.create(null)]) assert.ok(isObject(value));
  for (const value of [[], [{}], null, undefined, "", "{}", 0, true]) {
    assert.ok(!isObject(value));
    assert.deepEqual(objectOf(value), {});
  }
});

Deno.test("parseObject returns undefined for other JSON and for invalid JSON", () => {
  assert.deepEqual(parseObject(' {"a":[1]} '), { a: [1] });
  for (const text of ["", "null", "[]", "1", '"{}"', "{", '{"a":1} x']) {
    assert.equal(parseObject(text), undefined);
  }
});
