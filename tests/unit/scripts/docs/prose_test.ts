import { deepEqual, equal, match } from "node:assert/strict";
import { checkDocument, checkSource } from "../../../../scripts/docs/prose.ts";

const lines = (text: string): number[] => checkSource(text).map(({ line }) => line);

Deno.test("a word that is not used is found in comments and strings, and nowhere else", () => {
  deepEqual(lines("// Nobody waits.\n"), [1]);
  deepEqual(lines("/**\n * Waits.\n * Whoever asks waits.\n */\n"), [3]);
  deepEqual(lines('const a = "it shall be";\n'), [1]);
  deepEqual(lines("const a = `x\n${b} has to be set`;\n"), [2]);
  deepEqual(lines("const nobody = somebody(whose);\n"), []);
  deepEqual(lines("const a = /nobody/;\n"), []);
});

Deno.test("a line may allow a word", () => {
  deepEqual(lines("// prose-allow: nobody, a user of every system\n// The user nobody.\n"), []);
  deepEqual(lines("// prose-allow: nobody\n// x\n// The user nobody.\n"), [3]);
});

Deno.test("documents are checked for words outside of code, and for long sentences", () => {
  deepEqual(checkDocument("Fine.\n\n```\nnobody\n```\n\nAlso `nobody`.\n"), []);
  equal(checkDocument("One.\n\nIt is told here.\n")[0]?.line, 3);
  const long = `${"word ".repeat(40)}end.`;
  match(checkDocument(`Short.\n\n${long}\n`)[0]?.message ?? "", /^41 words in a sentence/);
  deepEqual(checkDocument(`| ${long} | ${long} |\n`), []);
});
