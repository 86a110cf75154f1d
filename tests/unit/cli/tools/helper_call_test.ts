import assert from "node:assert/strict";
import { readHelperCall } from "../../../../src/cli/tools/helper_call.ts";

function read(words: string[], name = "fob"): ReturnType<typeof readHelperCall> {
  return readHelperCall(words, () => Promise.resolve(name));
}

Deno.test("helper options are read before the words of the tool", async () => {
  const cases: [string[], object][] = [
    [["get"], { options: {}, argv: ["get"] }],
    [["-p", "work", "get"], { options: { profile: "work" }, argv: ["get"] }],
    [["--profile=a=b", "--min-ttl", "1h"], {
      options: { profile: "a=b", minTtl: "1h" },
      argv: [],
    }],
    [["-v", "--no-input", "get", "--profile", "x"], {
      options: { verbose: true },
      argv: ["get", "--profile", "x"],
    }],
    [["--mode", "creds", "-p"], { options: {}, argv: ["--mode", "creds", "-p"] }],
    [["get", "--help"], { options: {}, argv: ["get", "--help"] }],
  ];
  for (const [words, expected] of cases) {
    assert.deepEqual(await read(["helper", "git", ...words]), { protocol: "git", ...expected });
    assert.deepEqual(await read(words, "git-credential-fob"), { protocol: "git", ...expected });
  }
});

Deno.test("each name that a tool runs fob by is a protocol", async () => {
  const names = {
    "git-credential-fob": "git",
    "docker-credential-fob": "docker",
    "docker-credential-fob.exe": "docker",
    "terraform-credentials-fob": "terraform",
    "cargo-credential-fob": "cargo",
    "keyring": "keyring",
  };
  for (const [name, protocol] of Object.entries(names)) {
    assert.equal((await read(["list"], name))?.protocol, protocol, name);
  }
  for (const name of ["fob", "deno", "git", "databricks", "constructor", ""]) {
    assert.equal(await read(["list"], name), undefined, name);
  }
});

Deno.test("an unknown protocol and --help are left to the parser", async () => {
  const others = [[], ["helper"], ["helper", "svn"], ["helper", "--profile", "git"]]
    .concat([["helper", "git", "--help"], ["helper", "git", "-h"], ["auth", "helper", "git"]]);
  for (const words of others) assert.equal(await read(words), undefined, words.join(" "));
});
