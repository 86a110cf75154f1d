import assert from "node:assert/strict";
import { keyring } from "../../../src/protocols/keyring.ts";
import { given, issued, parse, parseGet, printed, summary } from "./tool.ts";

const host = "https://pypi.example";
const missed = { stdout: "", stderr: "", exitCode: 1 };
const pass = { kind: "pass" };

Deno.test("keyring helper returns the password of the named user, for an index URL and for its host", () => {
  for (const service of ["https://pypi.example/simple/", "pypi.example", "PyPI.example:443"]) {
    const request = parseGet(keyring, ["get", service, "oauth2accesstoken"]);
    assert.deepEqual(request.reply(issued(host)), printed("at-1\n"));
    assert.equal(request.username, "oauth2accesstoken");
    assert.deepEqual(request.miss, missed);
  }
});

Deno.test("keyring helper returns username and password for --mode creds", () => {
  for (
    const argv of [
      ["get", "https://pypi.example/simple", "--mode", "creds"],
      ["--mode=creds", "get", "pypi.example"],
    ]
  ) {
    const request = parseGet(keyring, argv);
    assert.deepEqual(request.reply(issued(host)), printed("oauth2\nat-1\n"));
    assert.deepEqual(
      request.reply(given(host, "pw", { username: "me" })),
      printed("me\npw\n"),
    );
  }
  const google = parseGet(keyring, ["get", "https://eu-python.pkg.dev/x", "--mode", "creds"]);
  assert.deepEqual(
    google.reply(issued("https://eu-python.pkg.dev")),
    printed("oauth2accesstoken\nat-1\n"),
  );
});

Deno.test("keyring helper returns JSON for --output json", () => {
  const creds = parseGet(keyring, ["get", "pypi.example", "--mode", "creds", "--output", "json"]);
  assert.deepEqual(creds.reply(issued(host)), printed('{"username":"oauth2","password":"at-1"}\n'));
  const password = parseGet(keyring, ["get", "pypi.example", "me", "--output=json"]);
  assert.deepEqual(password.reply(issued(host)), printed('{"password":"at-1"}\n'));
});

Deno.test("keyring set stores the password from stdin, and del removes it", () => {
  const target = { origins: [host], path: "simple/" };
  const set = ["set", "https://pypi.example/simple/", "me"];
  const stored = { kind: "store", target, username: "me", secret: "p w" };
  for (const input of ["p w", "p w\n", "p w\r\n"]) {
    assert.deepEqual(summary(parse(keyring, set, input)), stored);
  }
  assert.deepEqual(parse(keyring, ["del", "https://pypi.example/simple/", "me"]), {
    kind: "forget",
    target,
    username: "me",
    done: printed(""),
    miss: missed,
  });
});

Deno.test("keyring helper passes other services and commands to the original program", () => {
  const calls = [
    [],
    ["diagnose"],
    ["--list-backends"],
    ["--disable"],
    ["--help"],
    ["-b", "keyring.backends.null.Keyring", "get", "pypi.example", "me"],
    ["get", "pypi.example"],
    ["get", "pypi.example", ""],
    ["get", "pypi.example", "me", "more"],
    ["get", "pypi.example", "--mode", "credentials"],
    ["get", "pypi.example", "--mode"],
    ["get", "pypi.example", "me", "--output", "yaml"],
    ["get", "my service", "me"],
    ["get", "service:name", "me"],
    ["get", "", "me"],
    ["get", "https://user@pypi.example/", "me"],
    ["get", "http://pypi.example/", "me"],
    ["get", "pypi.example\n", "me"],
    ["get", "pypi.example", "me\n"],
    ["set", "pypi.example"],
    ["del", "pypi.example"],
    ["constructor", "pypi.example", "me"],
  ];
  for (const argv of calls) assert.deepEqual(parse(keyring, argv), pass, argv.join(" "));
  for (const input of ["", "\n", "a\nb", "\x1b[A"]) {
    assert.deepEqual(parse(keyring, ["set", "pypi.example", "me"], input), pass);
  }
  assert.equal(keyring.replaces, "keyring");
});

Deno.test("keyring helper reads stdin only for set", () => {
  const read = ["get", "set", "del"].filter((it) => keyring.readsInput([it, "pypi.example", "me"]));
  assert.deepEqual(read, ["set"]);
});
