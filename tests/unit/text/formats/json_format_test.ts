import assert from "node:assert/strict";
import fc from "fast-check";
import { json } from "../../../../src/text/formats/json_format.ts";
import { assertLaws, trials, value } from "./format_laws.ts";

const name = fc.constantFrom("a", "b", "credHelpers", "x.y", 'odd "name"', "ü");

/** Objects with spaces anywhere. */
function objects(): fc.Arbitrary<string> {
  const space = fc.constantFrom("", " ", "\n  ", "\n\t", "\r\n    ");
  const { value } = fc.letrec<{ value: string; object: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom("1", "null", '"s // no comment"', "[ 1,2 ]", '""'),
      tie("object"),
    ),
    object: fc.record({
      members: fc.uniqueArray(fc.tuple(name, tie("value")), {
        selector: ([it]) => it,
        maxLength: 3,
      }),
      spaces: fc.array(space, { minLength: 13, maxLength: 13 }),
    }).map(({ members, spaces }) => {
      const s = (i: number): string => spaces[i] ?? "";
      const written = members.map(([key, text], i) =>
        `${s(4 * i)}${JSON.stringify(key)}${s(4 * i + 1)}:${s(4 * i + 2)}${text}${s(4 * i + 3)}`
      );
      return `{${written.join(",")}${s(12)}}`;
    }),
  }));
  return fc.record({
    bom: fc.constantFrom("", "\uFEFF"),
    before: space,
    object: value.filter((text) => text.startsWith("{")),
    after: fc.constantFrom("", "\n", "\r\n", " \n\n"),
  }).map(({ bom, before, object, after }) => bom + before + object + after);
}

/** Paths that do not exist in the texts, of any depth. */
const keys = fc.tuple(
  fc.array(name, { maxLength: 1 }),
  fc.array(fc.constantFrom("n", "m"), {
    minLength: 1,
    maxLength: 3,
  }),
).map(([outer, inner]) => [...outer, ...inner]);

function isPossible({ text, key }: { text: string; key: readonly string[] }): boolean {
  const outer = json.get(text.replace(/^\uFEFF/, ""), key.slice(0, 1));
  return outer === undefined ||
    (typeof outer === "object" && !Array.isArray(outer) && outer !== null);
}

Deno.test("JSON: an edit keeps every other byte and can be undone", () => {
  const cases = trials(objects(), keys, fc.oneof(value, fc.constant({ type: "x", models: [{}] })));
  fc.assert(fc.property(cases.filter(isPossible), (it) => assertLaws(json, it)));
});

Deno.test("JSON: a new member has the layout of its neighbors", () => {
  const added = (text: string): string => json.set(text, ["b"], { c: "d" });
  assert.equal(added('{"a":1}'), '{"a":1,"b":{"c":"d"}}');
  assert.equal(added('{"a": 1}\n'), '{"a": 1, "b": {"c":"d"}}\n');
  assert.equal(
    added('{\r\n\t"a": 1\r\n}\r\n'),
    '{\r\n\t"a": 1,\r\n\t"b": {\r\n\t\t"c": "d"\r\n\t}\r\n}\r\n',
  );
  assert.equal(added(""), '{\n  "b": {\n    "c": "d"\n  }\n}\n');
});

Deno.test("JSON: setting an existing key changes only its value", () => {
  const text = '{ "a" :  "old" , "b":2 }';
  assert.equal(json.set(text, ["a"], "new"), '{ "a" :  "new" , "b":2 }');
});

Deno.test("JSON: an invalid text or a duplicate name is rejected and not quoted", () => {
  for (const text of ["[]", '{"a": hunter2}', '{"a":1,"a":2}', '{"a":1', '{"a":"s"}}']) {
    assert.throws(() => json.set(text, ["a", "b"], "v"), (error: Error) => {
      assert.equal("code" in error && error.code, "config_invalid", text);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  }
  assert.throws(() => json.set('{"a":1,}', ["b"], "v"), { code: "config_invalid" });
  assert.throws(() => json.set('{"a":1 /* c */}', ["b"], "v"), { code: "config_invalid" });
});
