import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { quoted, splitLine } from "../../../../src/cli/completions/shell_words.ts";

Deno.test("a line is split like in a shell, without expansion", () => {
  const lines: [string, string[]][] = [
    ["", [""]],
    ["fob ", ["fob", ""]],
    ["fob  auth tok", ["fob", "auth", "tok"]],
    ['fob \'a b\'c "d \\" e" f\\ g', ["fob", "a bc", 'd " e', "f g"]],
    ["fob $HOME $(id) `id`", ["fob", "$HOME", "$(id)", "`id`"]],
    ["fob ''", ["fob", ""]],
    ["fob --host=https://a", ["fob", "--host=https://a"]],
  ];
  for (const [line, words] of lines) deepEqual(splitLine(line).words, words, line);
  equal(splitLine("fob 'a").quote, "'");
  equal(splitLine('fob "a').quote, '"');
});

Deno.test("law: a quoted word is read back unchanged, with any quotes", () => {
  const text = fc.string({ minLength: 1, unit: "binary" }).filter((it) => !it.includes("\n"));
  fc.assert(
    fc.property(text, fc.constantFrom("" as const, "'" as const, '"' as const), (word, quote) => {
      deepEqual(splitLine(`fob ${quote}${quoted(word, quote)}${quote}`).words, ["fob", word]);
    }),
  );
});
