import assert from "node:assert/strict";
import fc from "fast-check";
import { toml } from "../../../../src/text/formats/toml_format.ts";
import { assertLaws, trials } from "./format_laws.ts";

/** Values and tables of a text. Values come first. */
const values = [
  "a = 1\n",
  "  odd =   'x' # c\n",
  'b.c = """\n[no.table]\nn = 1\n"""\n',
  "# comment = 1\n",
  "\n",
  'list = [ # x ]\n  "a", "]",\n]\n',
  "inline = { x = 1, y = [2] }\n",
  "registries.s.index = 'i'\n",
  'u = "\\u00fc # no comment"\n',
];
const tables = [
  "[registry]\n",
  "[registry] # c\nindex = 'x'\n\n",
  '\n[ registries . "r" ]\n  token = "t" # c\n\n# end\n',
  "[[bin]]\nname = 'a'\n[[bin]]\nname = 'b'\n",
  "[model_providers.other]\nname = '''[x]\ny = 1'''\n",
];

const texts = fc.record({
  bom: fc.constantFrom("", "\uFEFF"),
  values: fc.uniqueArray(fc.constantFrom(...values)),
  tables: fc.uniqueArray(fc.constantFrom(...tables), { selector: (it) => it.trim().slice(0, 9) }),
  isCrlf: fc.boolean(),
  isEnded: fc.boolean(),
}).map(({ bom, values, tables, isCrlf, isEnded }) => {
  const text = [...values, ...tables].join("");
  const cut = isEnded ? text : text.replace(/\n+$/, "");
  return bom + (isCrlf ? cut.replaceAll("\n", "\r\n") : cut);
});

const keys = fc.constantFrom(
  ["credential-alias", "fob"],
  ["registry", "global-credential-providers"],
  ["registries", "r", "credential-provider"],
  ["registries", "s", "credential-provider"],
  ["registries", "x y", "credential-provider"],
);

Deno.test("TOML: an edit keeps every other byte and can be undone", () => {
  fc.assert(fc.property(trials(texts, keys), (it) => assertLaws(toml, it)), { numRuns: 500 });
});

Deno.test("TOML: a value is added after the others of its table, or in a new table at the end", () => {
  assert.equal(
    toml.set("[a] # c\nx= 1 # d\n\n[b]\n", ["a", "y"], "z"),
    '[a] # c\nx= 1 # d\ny = "z"\n\n[b]\n',
  );
  assert.equal(toml.set("x = 1\n", ["a", "y"], ["z"]), 'x = 1\n\n[a]\ny = ["z"]\n');
});

Deno.test("TOML: a table of dotted keys gets another dotted key, which can be removed", () => {
  const cases = [
    ["registry.default = 'a'", "registry.default = 'a'\nregistry.token = \"t\""],
    ["registry.x = 1\r\n[b]\r\n", 'registry.x = 1\r\nregistry.token = "t"\r\n[b]\r\n'],
  ] as const;
  for (const [text, after] of cases) {
    assert.equal(toml.set(text, ["registry", "token"], "t"), after);
    assert.equal(toml.remove(after, ["registry", "token"]), text);
  }
  const registries = "[registries]\nmy.index = 'i'\n\n[net]\n";
  const key = ["registries", "my", "credential-provider"];
  const after = toml.set(registries, key, ["p"]);
  assert.equal(
    after,
    "[registries]\nmy.index = 'i'\nmy.credential-provider = [\"p\"]\n\n[net]\n",
  );
  assert.equal(toml.remove(after, key), registries);
});

Deno.test("TOML: setting an existing key changes only its value", () => {
  const text = "[a]\n  x   =  [ 1,\n 2 ] # c\n";
  assert.equal(toml.set(text, ["a", "x"], "new"), '[a]\n  x   =  "new" # c\n');
});

Deno.test("TOML: invalid text, and a table that cannot be extended, are rejected and not quoted", () => {
  const texts = [
    "a = hunter2\n",
    "a = 1\na = 2\n",
    "[a\n",
    "a = { x = 1 }\n",
    "[[a]]\n",
  ];
  for (const text of texts) {
    assert.throws(() => toml.set(text, ["a", "y"], "v"), (error: Error) => {
      assert.equal("code" in error && error.code, "config_invalid", text);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  }
});

Deno.test("TOML: a table, and a value outside of a table, are rejected", () => {
  assert.throws(() => toml.set("", ["a", "b"], { c: "d" }), { code: "config_invalid" });
  assert.throws(() => toml.set("", ["a"], "b"), { code: "config_invalid" });
});

Deno.test("TOML: only an empty table can be removed", () => {
  assert.equal(toml.remove("x = 1\n\n[a]\n\n[b]\n", ["a"]), "x = 1\n\n[b]\n");
  assert.throws(() => toml.remove("[a]\nx = 1\n", ["a"]), { code: "config_invalid" });
});
