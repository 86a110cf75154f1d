import { equal } from "node:assert/strict";
import { formatPairs, formatRows, formatTable } from "../../../../src/cli/ui/table.ts";

const names = ["NAME", "STATE"];
const rows = [["work", "good for an hour, then refreshed"], ["play", "signed in"]];

Deno.test("rows stand in a table, as wide as it may be where nobody says how wide", () => {
  equal(
    formatRows(names, rows),
    "NAME  STATE\nwork  good for an hour, then refreshed\nplay  signed in\n",
  );
  equal(formatRows(names, rows, 38), formatRows(names, rows));
});

Deno.test("rows that are wider than the terminal stand as names and values, none of them wider", () => {
  equal(
    formatRows(names, rows, 37),
    "NAME   work\nSTATE  good for an hour, then\n       refreshed\n\nNAME   play\nSTATE  signed in\n",
  );
});

Deno.test("a value goes on below itself, and below its name where there is little room beside", () => {
  const pairs = { State: "signed in", Chosen: "because it is the only profile in a file" };
  equal(
    formatPairs(pairs, 34),
    "State   signed in\nChosen  because it is the only\n        profile in a file\n",
  );
  equal(
    formatPairs(pairs, 30),
    "State\n    signed in\nChosen\n    because it is the only\n    profile in a file\n",
  );
  equal(formatPairs({ State: undefined, Host: "a b" }), "Host  a b\n");
});

Deno.test("nothing in a cell moves a cursor, begins a line or turns the direction round", () => {
  equal(formatTable([["a\x1b[2Jb", "c\nd\u202ee", "\u2028f"]]), "a [2Jb  c d e   f\n");
  equal(formatPairs({ "a\x1b[2J": "b\nc" }), "a [2J  b c\n");
});
