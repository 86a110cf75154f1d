import assert from "node:assert/strict";
import { Command } from "@commander-js/extra-typings";
import fc from "fast-check";
import { readTokenArguments, type TokenArguments } from "../../../src/cli/auth/token.ts";
import { tokenCommand } from "../../../src/cli/auth/token_command.ts";

/** The arguments that the command parser reads from `argv`; `undefined` if it fails. */
async function parse(argv: readonly string[]): Promise<TokenArguments | undefined> {
  let found: TokenArguments | undefined;
  const program = new Command().exitOverride().configureOutput({
    writeErr: () => {},
    writeOut: () => {},
  });
  tokenCommand(program.command("auth"), (args) => {
    found = args;
    return Promise.resolve();
  });
  await program.parseAsync(argv, { from: "user" }).catch(() => {});
  return found;
}

const word = fc.oneof(
  fc.constantFrom(
    "--profile",
    "-p",
    "--output",
    "-o",
    "json",
    "text",
    "--min-ttl",
    "--host",
    "--account-id",
    "--workspace-id",
    "5m",
    "--force-refresh",
    "--no-input",
    "-v",
    "-h",
    "--",
    "-",
    "",
    "work",
    "https://api.example.com",
    "--profile=work",
    "-pwork",
    "-ojson",
  ),
  fc.string({ maxLength: 6 }),
);

Deno.test("the quick reader of auth token and the command parser read the same", async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (words) => {
      const argv = ["auth", "token", ...words];
      const args = readTokenArguments(argv);
      if (args === undefined) return;
      read++;
      assert.deepEqual(await parse(argv), args);
    }),
    { numRuns: 5000 },
  );
  assert.ok(read > 500, `only ${read} of 5000 command lines were read`);
});

Deno.test("the quick reader reads common forms", () => {
  assert.deepEqual(readTokenArguments(["auth", "token"]), {});
  assert.deepEqual(readTokenArguments(["auth", "token", "work", "-o", "text"]), {
    named: "work",
    output: "text",
  });
  assert.deepEqual(
    readTokenArguments([
      "auth",
      "token",
      "--profile",
      "work",
      "--force-refresh",
      "--min-ttl",
      "1h",
    ]),
    { named: "work", forceRefresh: true, minTtl: "1h" },
  );
});

Deno.test("the quick reader leaves other forms to the parser", () => {
  for (
    const words of [["--help"], ["-v"], ["a", "b"], ["-o", "xml"], ["a", "-p", "a"], ["--min-ttl"]]
  ) {
    assert.equal(readTokenArguments(["auth", "token", ...words]), undefined, words.join(" "));
  }
  assert.equal(readTokenArguments(["auth", "status"]), undefined);
  assert.equal(readTokenArguments([]), undefined);
});
