import assert from "node:assert/strict";
import { formatVariables, maskCommand, shells } from "../../../src/protocols/shell_variables.ts";
import type { Shell } from "../../../src/protocols/shell_variables.ts";

function lines(shell: Shell, set: Record<string, string>, ...unset: string[]): string {
  return formatVariables({ set, unset }, shell);
}

Deno.test("fish and PowerShell values have their quotes escaped", () => {
  const variables = { API_TOKEN: "it's \\ $x" };
  assert.equal(lines("fish", variables), "set -gx API_TOKEN 'it\\'s \\\\ $x'\n");
  assert.equal(lines("powershell", variables), "$env:API_TOKEN = 'it''s \\ $x'\n");
});

Deno.test("PowerShell values have curly quotes escaped", () => {
  for (const quote of "\u2018\u2019\u201a\u201b") {
    const line = lines("powershell", { API_TOKEN: `a${quote};b` });
    assert.equal(line, `$env:API_TOKEN = 'a${quote}${quote};b'\n`);
  }
});

Deno.test("a value with a line break is refused, because it could set another variable", () => {
  for (const shell of shells) {
    for (const value of ["a\nAPI_HOST=https://evil.example", "a\rb", "a\0b"]) {
      assert.throws(() => lines(shell, { API_TOKEN: value }), {
        code: "provider_answer_invalid",
        message: "API_TOKEN contains a line break or NUL",
      });
    }
  }
});

Deno.test("a GitHub value is unquoted, a dotenv value is quoted if necessary", () => {
  const variables = { API_TOKEN: "a=b<<c $x", API_HOST: "https://h.example/v1" };
  const host = "API_HOST=https://h.example/v1\n";
  assert.equal(lines("github", variables), `API_TOKEN=a=b<<c $x\n${host}`);
  assert.equal(lines("dotenv", variables), `API_TOKEN='a=b<<c $x'\n${host}`);
  assert.equal(lines("dotenv", { A: "it's $x" }), 'A="it\'s \\$x"\n');
});

Deno.test("variables are unset first, in the syntax of each format", () => {
  const said = shells.map((shell) => lines(shell, { A: "1" }, "B"));
  assert.deepEqual(said, [
    "unset B\nexport A='1'\n",
    "set -e B\nset -gx A '1'\n",
    "$env:B = $null\n$env:A = '1'\n",
    "B=\nA=1\n",
    "B=\nA=1\n",
  ]);
});

Deno.test("a mask is one workflow command for any secret", () => {
  assert.equal(maskCommand("a%0Ab::c"), "::add-mask::a%250Ab::c\n");
});

Deno.test("no variables give no lines", () => {
  assert.equal(lines("bash", {}), "");
});
