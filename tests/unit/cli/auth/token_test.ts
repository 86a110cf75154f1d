import assert from "node:assert/strict";
import { readTokenArguments } from "../../../../src/cli/auth/token.ts";

function read(words: string): unknown {
  return readTokenArguments(words.split(" "));
}

Deno.test("the common forms of auth token are read", () => {
  const spellings: Record<string, object> = {
    "auth token": {},
    "auth token work": { named: "work" },
    "auth token https://api.example.com": { named: "https://api.example.com" },
    "auth token --profile work": { named: "work" },
    "auth token -p work": { named: "work" },
    "auth token --force-refresh": { forceRefresh: true },
    "auth token --min-ttl 10m -o text work": { minTtl: "10m", output: "text", named: "work" },
    "auth token --output json": { output: "json" },
  };
  for (const [words, expected] of Object.entries(spellings)) {
    assert.deepEqual(read(words), expected, words);
  }
});

Deno.test("any other form is left to the parser", () => {
  const others = ["", "auth", "token", "auth login", "auth status token", "--verbose auth token"]
    .concat("auth token --help", "auth token -h", "auth token --verbose", "auth token --no-input")
    .concat(
      "auth token --min-ttl=10m",
      "auth token -ojson",
      "auth token -o=json",
      "auth token -- work",
    )
    .concat("auth token work home", "auth token work --profile home", "auth token -p a -p b")
    .concat("auth token --profile", "auth token --min-ttl", "auth token -o", "auth token -o yaml")
    .concat("auth token --profile --force-refresh", "auth token -o -", "auth token - work");
  for (const words of others) assert.equal(read(words), undefined, words);
});

Deno.test("an empty argument is left to the parser", () => {
  for (const words of [[""], ["--profile", ""], ["work", ""], ["--min-ttl", ""]]) {
    assert.equal(readTokenArguments(["auth", "token", ...words]), undefined, words.join());
  }
});
