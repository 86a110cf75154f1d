import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { joinTxtar, parseTxtar } from "../../acceptance/runner/txtar.ts";

Deno.test("an archive has a comment and files", () => {
  const archive = parseTxtar("# one\nfob\n-- a.txt --\nA\n-- dir/b c --\n-- empty --\n");
  deepEqual(archive, {
    comment: "# one\nfob\n",
    files: [
      { name: "a.txt", text: "A\n" },
      { name: "dir/b c", text: "" },
      { name: "empty", text: "" },
    ],
  });
});

Deno.test("a malformed marker is text", () => {
  for (
    const line of [" -- a --\n", "-- a -- \n", "--a--\n", "--  --\n", "-- a --\r\n", "-- a --"]
  ) {
    deepEqual(parseTxtar(line), { comment: line, files: [] });
  }
});

Deno.test("joining a parsed archive returns the text, for any text", () => {
  const piece = fc.oneof(
    fc.constantFrom("-- a --\n", "-- a --", "\n", "\r", "\r\n", "-- ", " --", "\u2028", "# c\n"),
    fc.string(),
  );
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    const text = pieces.join("");
    equal(joinTxtar(parseTxtar(text)), text);
  }));
});

Deno.test("parsing a joined archive returns the files, if their texts end with a line feed", () => {
  const text = fc.array(fc.stringMatching(/^[a-z ]*$/)).map((l) => l.map((x) => `${x}\n`).join(""));
  const file = fc.record({ name: fc.stringMatching(/^[a-z./-]+$/), text });
  fc.assert(fc.property(text, fc.array(file), (comment, files) => {
    deepEqual(parseTxtar(joinTxtar({ comment, files })), { comment, files });
  }));
});
