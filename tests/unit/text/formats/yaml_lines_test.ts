import assert from "node:assert/strict";
import fc from "fast-check";
import { readYamlLines } from "../../../../src/text/formats/yaml_lines.ts";

function read(text: string): [string, string][] {
  return readYamlLines(text, "f").map(({ path, value }) => [path.join("/"), value]);
}

/** A key without a value, with a text, or with nested keys. */
interface Tree {
  readonly [key: string]: string | Tree;
}

const scalar = fc.oneof(
  fc.constantFrom("a:b", "a#b", "Bearer x", "-5", "http://h:1", "é"),
  fc.stringMatching(/^[A-Za-z0-9_.=/+]{1,12}$/).filter((text) => text !== "null"),
);
const key = fc.stringMatching(/^[a-z][a-z0-9_.]{0,5}$/);
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.dictionary(key, fc.oneof({ maxDepth: 2 }, scalar, tie("tree")), { maxKeys: 4 })
    .map((made) => ({ ...made })),
}));

function print(node: Tree, end: string, indent = ""): string {
  return Object.entries(node).map(([name, value]) =>
    typeof value === "string"
      ? `${indent}${name}:  ${value} # note${end}`
      : `${indent}# above${end}${indent}${name}:${end}${print(value, end, `${indent}  `)}${end}`
  ).join("");
}

function leaves(node: Tree, path = ""): [string, string][] {
  return Object.entries(node).flatMap(([name, value]) =>
    typeof value === "string"
      ? [[`${path}${name}`, value] satisfies [string, string]]
      : leaves(value, `${path}${name}/`)
  );
}

Deno.test("readYamlLines reads block mappings with comments, blank lines and any line ending", () => {
  fc.assert(fc.property(tree, fc.constantFrom("\n", "\r\n"), (node, end) => {
    assert.deepEqual(read(print(node, end)), leaves(node));
  }));
});

Deno.test("removing the line of an entry removes only that entry", () => {
  fc.assert(fc.property(tree, fc.nat(), (node, pick) => {
    const text = print(node, "\n");
    const entries = readYamlLines(text, "f");
    fc.pre(entries.length > 0);
    const index = pick % entries.length;
    const { start = 0, end = 0 } = entries[index] ?? {};
    const left = read(text.slice(0, start) + text.slice(end));
    assert.deepEqual(left, leaves(node).toSpliced(index, 1));
  }));
});

Deno.test("readYamlLines removes quotes and returns an empty value for null", () => {
  const text = "\uFEFF---\n'a b': \"c # d\" # e\nf: ''\ng: ~\nh: {}\ni: null\nj:\n";
  assert.deepEqual(read(text), [["a b", "c # d"], ["f", ""], ["g", ""], ["h", ""], ["i", ""]]);
});

Deno.test("readYamlLines rejects other YAML with its line", () => {
  const lines = [
    "k: &a v",
    "k: *a",
    "k: !!str v",
    "k: |",
    "k: >-",
    "k: {a: b}",
    "k: [a]",
    'k: "open',
    'k: "a\\x41"',
    "k: 'it''s'",
    "k: a: b",
    "k: - a",
    "- k: v",
    "<<: v",
    "k",
    "\tk: v",
    "...",
    "? k",
    "a: twice",
    "  a: below a value",
    "k: a\rb: c",
  ];
  for (const line of lines) {
    assert.throws(() => read(`a: b\n${line}\n`), {
      code: "config_invalid",
      message: /^Cannot read "f": line 2 [a-z]/,
    }, line);
  }
  assert.throws(() => read("a:\n    b: c\n  d: e\n"), /line 3 has invalid indentation/);
});

Deno.test("the error does not contain the text of the line", () => {
  assert.throws(() => read("token: |hunter2"), (error: Error) => !/hunter2/.test(error.message));
});

Deno.test("readYamlLines reads many spaces in linear time", () => {
  const value = `a${" ".repeat(300_000)}b`;
  const start = performance.now();
  assert.deepEqual(read(`k: ${value} # not this\n`), [["k", value]]);
  assert.ok(performance.now() - start < 2_000);
});
