import assert from "node:assert/strict";
import fc from "fast-check";
import { hcl } from "../../../../src/text/formats/hcl_format.ts";
import { assertLaws, trials } from "./format_laws.ts";

const pieces = [
  '# credentials_helper "x" {\n',
  'plugin_cache_dir   = "$HOME/.terraform.d/plugin-cache"\n',
  'credentials "app.example.com" {\n  token = "t}" // odd\n}\n',
  "\n",
  "disable_checkpoint = true   // c\n",
  'provider_installation {\n  filesystem_mirror {\n    path    = "/usr/{"\n    include = ["a/*/*"]\n  }\n}\n',
  'text = <<EOF\ncredentials_helper "y" {\nEOF\n',
  '/* { */ host "h" { services = { "a.v1" = "https://a/" } }\n',
];

const texts = fc.record({
  bom: fc.constantFrom("", "\uFEFF"),
  pieces: fc.uniqueArray(fc.constantFrom(...pieces)),
  isCrlf: fc.boolean(),
  isEnded: fc.boolean(),
}).map(({ bom, pieces, isCrlf, isEnded }) => {
  const text = pieces.join("");
  const cut = isEnded ? text : text.replace(/\n+$/, "");
  return bom + (isCrlf ? cut.replaceAll("\n", "\r\n") : cut);
});

Deno.test("HCL: a block is added at the end, changes no other byte, and can be removed", () => {
  const values = fc.constantFrom({}, { args: ["--profile", "work"] }, { args: ['a "b"', "c\\d"] });
  const keys = fc.constant(["credentials_helper", "fob"]);
  fc.assert(fc.property(trials(texts, keys, values), (it) => assertLaws(hcl, it)));
});

Deno.test("HCL: setting an existing block changes only that block", () => {
  const text = '# a\ncredentials_helper "fob" { args = ["x"] } # b\nc = 1';
  assert.deepEqual(hcl.get(text, ["credentials_helper"]), { fob: { args: ["x"] } });
  assert.equal(
    hcl.set(text, ["credentials_helper", "fob"], {}),
    '# a\ncredentials_helper "fob" {} # b\nc = 1',
  );
});

const fob = ["credentials_helper", "fob"];

Deno.test("HCL: invalid text is rejected", () => {
  for (const text of ["a {", "{}", '{"a": 1}', "a = [1", "] = 1", 'a "b']) {
    assert.throws(() => hcl.set(text, fob, {}), { code: "config_invalid" }, text);
  }
});

Deno.test("HCL: a value with a template is rejected", () => {
  assert.throws(() => hcl.set("", fob, { args: ["${x}"] }), { code: "config_invalid" });
});

Deno.test("HCL: a block of another type, or with other keys than args, is rejected", () => {
  for (const key of [["host", "h"], ["credentials_helper"], [...fob, "args"]]) {
    assert.throws(() => hcl.set("", key, {}), { code: "config_invalid" }, key.join());
  }
  assert.throws(() => hcl.set("", fob, { token: "t" }), { code: "config_invalid" });
});

Deno.test("HCL: a block that fob cannot write is read as text and not replaced", () => {
  for (const body of ['\n  args = ["a",]\n', " # c\n", " other = 1 "]) {
    const text = `credentials_helper "fob" {${body}}\n`;
    assert.deepEqual(Object.keys(hcl.get(text, ["credentials_helper"]) ?? {}), ["fob"]);
    assert.throws(() => hcl.set(text, fob, {}), { code: "config_invalid" }, text);
  }
});
