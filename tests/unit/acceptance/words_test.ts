import { deepEqual, equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { expandKnown, splitWords } from "../../acceptance/runner/words.ts";

Deno.test("words end at spaces; quotes group and may touch other text", () => {
  deepEqual(split("fob  auth\ttoken "), ["fob", "auth", "token"]);
  deepEqual(split(`a'b c'd "e f"'' ""`), ["ab cd", "e f", ""]);
  deepEqual(split(""), []);
});

Deno.test("variables are expanded outside of single quotes, and never split", () => {
  deepEqual(split(`$ONE \${ONE}x "$TWO" $TWO '$ONE'`), ["1", "1x", "a b", "a b", "$ONE"]);
});

Deno.test("a dollar without a name is literal, and an unknown name is an error", () => {
  deepEqual(split(`end$ '^x$' "$" \\$ONE "\\$ONE"`), ["end$", "^x$", "$", "$ONE", "$ONE"]);
  throws(() => split("$NONE"), /Unknown variable "NONE"/);
  throws(() => split('"${NONE}"'), /Unknown variable "NONE"/);
});

Deno.test("a backslash escapes; in double quotes only special characters", () => {
  deepEqual(split(String.raw`a\ b \' "\"" "\d+\\" '\n' "\n\t"`), [
    "a b",
    "'",
    '"',
    "\\d+\\",
    "\\n",
    "\n\t",
  ]);
});

Deno.test("a comment begins only at the start of a word", () => {
  deepEqual(split("fob # all of 'it"), ["fob"]);
  deepEqual(split("a#b '#' \\#"), ["a#b", "#", "#"]);
});

Deno.test("a missing closing quote is an error", () => {
  throws(() => split("fob 'x"), /Missing closing quote '/);
  throws(() => split('fob "x\\"'), /Missing closing quote "/);
});

Deno.test("single-quoted words are returned unchanged", () => {
  const word = fc.string().map((text) => text.replaceAll("'", ""));
  fc.assert(fc.property(fc.array(word), (words) => {
    deepEqual(split(words.map((text) => `'${text}'`).join(" ")), words);
  }));
});

Deno.test("unknown variables in a golden text stay unchanged", () => {
  equal(expandKnown("$ONE ${TWO} $NONE ${NONE} $", lookUp), "1 a b $NONE ${NONE} $");
});

function split(line: string): string[] {
  return splitWords(line, lookUp);
}

function lookUp(name: string): string | undefined {
  return new Map([["ONE", "1"], ["TWO", "a b"]]).get(name);
}
