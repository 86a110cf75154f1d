import { equal, ok } from "node:assert/strict";
import { commandTree } from "../../../../scripts/docs/command_tree.ts";
import { rootHelp, topicHelp } from "../../../../src/cli/help.ts";
import { formatEntries } from "../../../../src/cli/ui/wrap.ts";

const entries = [["a", "one two three four five six"], ["name", "seven"]] as const;

Deno.test("a description is wrapped beside its name", () => {
  equal(
    formatEntries(entries, 32),
    "  a     one two three four five\n        six\n  name  seven\n",
  );
});

Deno.test("a description is wrapped below its name in a narrow terminal", () => {
  equal(
    formatEntries(entries, 28),
    "  a\n      one two three four\n      five six\n  name\n      seven\n",
  );
});

Deno.test("help fits a terminal of 40 to 120 columns", () => {
  for (const outputColumns of [40, 60, 80, 120]) {
    const page = { outputColumns, outputColor: false };
    const topics = ["environment", "files", "exit-codes"].map((name) => topicHelp(name, page));
    const lines = [rootHelp(commandTree(), page), ...topics].join("\n").split("\n");
    // A long name is not cut.
    const tooLong = lines.filter((line) =>
      line.length > outputColumns && / {2}\S.* {2}/.test(line)
    );
    ok(tooLong.length === 0, tooLong.join("\n"));
  }
});
