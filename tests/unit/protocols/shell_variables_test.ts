import assert from "node:assert/strict";
import fc from "fast-check";
import { formatVariables, shells } from "../../../src/protocols/shell_variables.ts";

const text = fc.string({
  unit: fc.constantFrom(..."ab '\"\\$`!;&|#%(){}<>*?~\t\u00e9\u{1f511}"),
});

async function bash(script: string): Promise<string> {
  const child = new Deno.Command("bash", { args: ["--norc", "-c", script] });
  return new TextDecoder().decode((await child.output()).stdout);
}

Deno.test("bash reads every value as it is", async () => {
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      const lines = formatVariables({ API_TOKEN: value, API_HOST: "h" }, "bash");
      assert.equal(await bash(`${lines}printf '%s|%s' "$API_TOKEN" "$API_HOST"`), `${value}|h`);
    }),
    { numRuns: 25 },
  );
});

Deno.test("fish and PowerShell get what ends a string escaped", () => {
  const variables = { API_TOKEN: "it's \\ $x" };
  assert.equal(formatVariables(variables, "fish"), "set -gx API_TOKEN 'it\\'s \\\\ $x'\n");
  assert.equal(formatVariables(variables, "powershell"), "$env:API_TOKEN = 'it''s \\ $x'\n");
});

Deno.test("PowerShell, to which a curly quote ends a string too, reads it as it is", () => {
  for (const quote of "\u2018\u2019\u201a\u201b") {
    const line = formatVariables({ API_TOKEN: `a${quote};b` }, "powershell");
    assert.equal(line, `$env:API_TOKEN = 'a${quote}${quote};b'\n`);
  }
});

Deno.test("a value that would be more than one line is refused, for it could set another variable", () => {
  for (const shell of shells) {
    for (const value of ["a\nAPI_HOST=https://evil.example", "a\rb", "a\0b"]) {
      assert.throws(() => formatVariables({ API_TOKEN: value }, shell), {
        code: "provider_answer_invalid",
        message: "API_TOKEN has a line break or NUL in it",
      });
    }
  }
});

Deno.test("in a GitHub file and a dotenv file a value stands as it is", () => {
  const variables = { API_TOKEN: "a=b<<c $x", API_HOST: "h" };
  assert.equal(formatVariables(variables, "github"), "API_TOKEN=a=b<<c $x\nAPI_HOST=h\n");
  assert.equal(formatVariables(variables, "dotenv"), "API_TOKEN='a=b<<c $x'\nAPI_HOST='h'\n");
});

Deno.test("no variables are no lines", () => {
  assert.equal(formatVariables({}, "bash"), "");
});
