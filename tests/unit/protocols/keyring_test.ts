import assert from "node:assert/strict";
import { keyring } from "../../../src/protocols/keyring.ts";
import { gist, given, hear, hearGet, issued, says } from "./tool.ts";

const host = "https://pypi.example";
const missed = { stdout: "", stderr: "", exitCode: 1 };
const pass = { kind: "pass" };

Deno.test("pip gets the password of the user it names, for the index and for its host", () => {
  for (const service of ["https://pypi.example/simple/", "pypi.example", "PyPI.example:443"]) {
    const request = hearGet(keyring, ["get", service, "oauth2accesstoken"]);
    assert.deepEqual(request.reply(issued(host)), says("at-1\n"));
    assert.equal(request.username, "oauth2accesstoken");
    assert.deepEqual(request.miss, missed);
  }
});

Deno.test("uv, which names nobody, gets two lines", () => {
  for (
    const argv of [
      ["get", "https://pypi.example/simple", "--mode", "creds"],
      ["--mode=creds", "get", "pypi.example"],
    ]
  ) {
    const request = hearGet(keyring, argv);
    assert.deepEqual(request.reply(issued(host)), says("oauth2\nat-1\n"));
    assert.deepEqual(
      request.reply(given(host, "pw", { username: "me" })),
      says("me\npw\n"),
    );
  }
  const google = hearGet(keyring, ["get", "https://eu-python.pkg.dev/x", "--mode", "creds"]);
  assert.deepEqual(
    google.reply(issued("https://eu-python.pkg.dev")),
    says("oauth2accesstoken\nat-1\n"),
  );
});

Deno.test("the same in JSON", () => {
  const creds = hearGet(keyring, ["get", "pypi.example", "--mode", "creds", "--output", "json"]);
  assert.deepEqual(creds.reply(issued(host)), says('{"username":"oauth2","password":"at-1"}\n'));
  const password = hearGet(keyring, ["get", "pypi.example", "me", "--output=json"]);
  assert.deepEqual(password.reply(issued(host)), says('{"password":"at-1"}\n'));
});

Deno.test("set keeps the password on stdin, and del removes it", () => {
  const target = { origins: [host], path: "simple/" };
  const set = ["set", "https://pypi.example/simple/", "me"];
  const stored = { kind: "store", target, username: "me", secret: "p w" };
  for (const input of ["p w", "p w\n", "p w\r\n"]) {
    assert.deepEqual(gist(hear(keyring, set, input)), stored);
  }
  assert.deepEqual(hear(keyring, ["del", "https://pypi.example/simple/", "me"]), {
    kind: "forget",
    target,
    username: "me",
    done: says(""),
    miss: missed,
  });
});

Deno.test("what is not about a host, or not of pip and uv, goes to the real one", () => {
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
  for (const argv of calls) assert.deepEqual(hear(keyring, argv), pass, argv.join(" "));
  for (const input of ["", "\n", "a\nb", "\x1b[A"]) {
    assert.deepEqual(hear(keyring, ["set", "pypi.example", "me"], input), pass);
  }
  assert.equal(keyring.standsInFor, "keyring");
});

Deno.test("stdin is read for set alone", () => {
  const read = ["get", "set", "del"].filter((it) => keyring.readsInput([it, "pypi.example", "me"]));
  assert.deepEqual(read, ["set"]);
});
