import assert from "node:assert/strict";
import fc from "fast-check";
import { ini } from "../../../../src/text/formats/ini_format.ts";
import { assertLaws, trials } from "./format_laws.ts";

const line = fc.constantFrom(
  "[a]",
  "[b]",
  "; mine",
  "",
  "host = https://x",
  "token=1  # old",
  "  odd   :  value",
  "nothing",
);

/** Texts with both sections. */
const texts = fc.tuple(fc.array(line), fc.constantFrom("\n", "\r\n"), fc.boolean())
  .map(([lines, end, isOpen]) => ["[a]", ...lines, "[b]"].join(end) + (isOpen ? "" : end));

Deno.test("INI: a key can be set in a section and removed byte for byte", () => {
  const keys = fc.tuple(fc.constantFrom("a", "b"), fc.constant("databricks_cli_path"));
  fc.assert(fc.property(
    trials(texts, keys, fc.constantFrom("/opt/fob", "C:\\Program Files\\fob.exe")),
    (trial) => assertLaws(ini, trial),
  ));
});

Deno.test("INI: only strings in a section can be set", () => {
  assert.throws(() => ini.set("[a]\n", ["a", "b"], true), { code: "config_invalid" });
  assert.throws(() => ini.set("[a]\n", ["a"], "x"), { code: "config_invalid" });
  assert.equal(ini.get("[a]\n", ["b"]), undefined);
  assert.equal(ini.get("[a]\nk = v\n", ["a", "k"]), "v");
});
