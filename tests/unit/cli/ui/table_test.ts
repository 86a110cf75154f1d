import { equal } from "node:assert/strict";
import { formatPairs, formatRows, formatTable } from "../../../../src/cli/ui/table.ts";

const names = ["NAME", "STATE"];
const rows = [["work", "valid for an hour, then refreshed"], ["play", "signed in"]];

Deno.test("rows are a table if they fit the width or no width is given", () => {
  equal(
    formatRows(names, rows),
    "NAME  STATE\nwork  valid for an hour, then refreshed\nplay  signed in\n",
  );
  equal(formatRows(names, rows, 39), formatRows(names, rows));
});

Deno.test("rows that are wider than the terminal are wrapped names and values", () => {
  equal(
    formatRows(names, rows, 38),
    "NAME   work\nSTATE  valid for an hour, then\n       refreshed\n\nNAME   play\nSTATE  signed in\n",
  );
});

Deno.test("a long value is wrapped beside its name, or below it in a narrow terminal", () => {
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

Deno.test("control characters, line breaks and bidirectional marks in a cell become spaces", () => {
  equal(formatTable([["a\x1b[2Jb", "c\nd\u202ee", "\u2028f"]]), "a [2Jb  c d e   f\n");
  equal(formatPairs({ "a\x1b[2J": "b\nc" }), "a [2J  b c\n");
});
