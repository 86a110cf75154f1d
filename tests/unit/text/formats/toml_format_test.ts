import assert from "node:assert/strict";
import fc from "fast-check";
import { toml } from "../../../../src/text/formats/toml_format.ts";
import { assertLaws, trials } from "./format_laws.ts";

/** Stretches of a text that stand alone, in this order where both kinds are there. */
const values = [
  "a = 1\n",
  "  odd =   'x' # c\n",
  'b.c = """\n[no.table]\nn = 1\n"""\n',
  "# comment = 1\n",
  "\n",
  'list = [ # x ]\n  "a", "]",\n]\n',
  "inline = { x = 1, y = [2] }\n",
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
  ["new"],
  ["registry", "global-credential-providers"],
  ["registries", "r", "credential-provider"],
  ["registries", "s", "credential-provider"],
  ["model_providers", "fob", "name"],
  ["x y", "z"],
);

Deno.test("an edit of TOML adds what it must, keeps every other byte, and can be taken back", () => {
  fc.assert(fc.property(trials(texts, keys), (it) => assertLaws(toml, it)), { numRuns: 500 });
});

Deno.test("a table is added with those in it", () => {
  const value = { name: "fob", auth: { command: "/bin/fob", args: ["a b"], timeout_ms: 5000 } };
  fc.assert(
    fc.property(
      trials(texts, fc.constant(["model_providers", "fob"]), fc.constant(value)),
      (it) => assertLaws(toml, it),
    ),
  );
  assert.equal(
    toml.set("a = 1\n", ["model_providers", "fob"], value),
    'a = 1\n\n[model_providers.fob]\nname = "fob"\n\n[model_providers.fob.auth]\n' +
      'command = "/bin/fob"\nargs = ["a b"]\ntimeout_ms = 5000\n',
  );
});

Deno.test("a value goes below its table's others, or its table to the end", () => {
  assert.equal(
    toml.set("[a] # c\nx= 1 # d\n\n[b]\n", ["a", "y"], "z"),
    '[a] # c\nx= 1 # d\ny = "z"\n\n[b]\n',
  );
  assert.equal(toml.set("a.x = 1", ["a", "y"], "z"), 'a.x = 1\na.y = "z"');
  assert.equal(toml.set("x = 1\n", ["a", "y"], ["z"]), 'x = 1\n\n[a]\ny = ["z"]\n');
});

Deno.test("a value that is there is replaced, and nothing around it", () => {
  const text = "[a]\n  x   =  [ 1,\n 2 ] # c\n";
  assert.equal(toml.set(text, ["a", "x"], "new"), '[a]\n  x   =  "new" # c\n');
});

Deno.test("what is no TOML, or would have to be written anew, is refused, and not quoted", () => {
  for (const text of ["a = hunter2\n", "a = 1\na = 2\n", "[a\n", "a = { x = 1 }\n"]) {
    assert.throws(() => toml.set(text, ["a", "y"], "v"), (error: Error) => {
      assert.equal("code" in error && error.code, "config_invalid", text);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  }
});
