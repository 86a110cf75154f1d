import { equal, throws } from "node:assert/strict";
import { fits, numberOf } from "../../acceptance/verbs/verb.ts";

Deno.test("the number of arguments is checked against the usage", () => {
  equal(takes("nul FILE", 0), false);
  equal(takes("nul FILE", 1), true);
  equal(takes("nul FILE", 2), false);
  equal(takes("json FILE PATH [VALUE]", 2), true);
  equal(takes("json FILE PATH [VALUE]", 3), true);
  equal(takes("json FILE PATH [VALUE]", 4), false);
  equal(takes("exists FILE…", 0), false);
  equal(takes("exists FILE…", 9), true);
  equal(takes("fob [ARG…]", 0), true);
  equal(takes("fob [ARG…]", 9), true);
});

Deno.test("an invalid number is an error, not zero", () => {
  equal(numberOf("-7200"), -7200);
  for (const word of ["", "x", "1x", "Infinity"]) throws(() => numberOf(word), /Not a number/);
});

function takes(usage: string, count: number): boolean {
  return fits({ usage, run: () => {} }, Array(count).fill("x"));
}
