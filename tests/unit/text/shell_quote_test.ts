import assert from "node:assert/strict";
import fc from "fast-check";
import {
  commandLine,
  pastedWord,
  posixLine,
  posixQuoted,
  powerShellQuoted,
} from "../../../src/text/shell_quote.ts";

Deno.test({
  name: "posixLine quotes any word for a POSIX shell",
  ignore: Deno.build.os === "windows",
  fn: () => {
    const word = fc.string({ unit: fc.constantFrom(..."a'\"\\ $`~*=;&|<>()!#\t") });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const { stdout } = new Deno.Command("sh", {
          args: ["-c", `printf '%s\\0' ${posixLine(words)}`],
        }).outputSync();
        assert.deepEqual(new TextDecoder().decode(stdout).split("\0").slice(0, -1), words);
      }),
      { numRuns: 50 },
    );
  },
});

Deno.test("pastedWord quotes a word only if needed, for the shell of the system", () => {
  assert.equal(pastedWord("a@b/c.d", false), "a@b/c.d");
  assert.equal(pastedWord("it's", false), `'it'\\''s'`);
  assert.equal(pastedWord("=ls", false), "'=ls'");
  assert.equal(pastedWord("", false), "''");
  assert.equal(pastedWord("C:\\x\\y.z", true), "C:\\x\\y.z");
  assert.equal(pastedWord("a@b", true), "'a@b'");
  assert.equal(pastedWord("it's", true), "'it''s'");
  assert.equal(powerShellQuoted("a\u2019b"), "'a\u2019\u2019b'");
  assert.equal(posixQuoted("a"), "'a'");
});

Deno.test("commandLine on Windows works in cmd and in a POSIX shell", () => {
  const words = ["C:\\Program Files\\fob.exe", "auth", "token"];
  assert.equal(commandLine(words, true), '"C:/Program Files/fob.exe" auth token');
  assert.equal(commandLine(["/a b/fob", "x"], false), "'/a b/fob' x");
});
