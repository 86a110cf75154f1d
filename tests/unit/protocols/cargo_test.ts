import assert from "node:assert/strict";
import { cargo } from "../../../src/protocols/cargo.ts";
import type { Request } from "../../../src/protocols/protocol.ts";
import { given, issued, parse, parseGet, printed, soon, summary } from "./tool.ts";

const host = "https://crates.example";
const index = "sparse+https://crates.example/index/";
const argv = ["--cargo-plugin"];

function line(more: Record<string, unknown>, registry: Record<string, unknown> = {}): string {
  return JSON.stringify({
    v: 1,
    registry: { "index-url": index, name: "r", ...registry },
    ...more,
  });
}

function said(request: Request): unknown {
  return request.kind === "done" ? JSON.parse(request.done.stdout) : request.kind;
}

Deno.test("cargo helper prints its greeting first", () => {
  assert.equal(cargo.greeting, '{"v":[1]}\n');
});

Deno.test("cargo helper returns the whole header, cached until it expires or for the session", () => {
  const operation = { kind: "get", operation: "publish", name: "c", vers: "1.0.0", cksum: "00" };
  const request = parseGet(
    cargo,
    argv,
    line({ ...operation, args: ["--profile", "work"] }) + "\r\n",
  );
  assert.deepEqual(request.target, { origins: [host], path: "index/" });
  assert.deepEqual(request.options, ["--profile", "work"]);
  assert.deepEqual(
    request.reply(issued(host, { tokenType: "bearer", expiresAt: soon })),
    printed(
      '{"Ok":{"kind":"get","token":"Bearer at-1","cache":"expires","expiration":1893553445,' +
        '"operation_independent":true}}\n',
    ),
  );
  assert.deepEqual(
    request.reply(given(host, "cio-1")),
    printed(
      '{"Ok":{"kind":"get","token":"cio-1","cache":"session","operation_independent":true}}\n',
    ),
  );
  assert.deepEqual(request.miss, printed('{"Err":{"kind":"not-found"}}\n'));
});

Deno.test("cargo helper returns only a stored token for a git index", () => {
  const asked = (url: string): boolean | undefined =>
    parseGet(cargo, argv, line({ kind: "get", operation: "read" }, { "index-url": url }))
      .isStoredOnly;
  assert.equal(asked("https://github.com/rust-lang/crates.io-index"), true);
  assert.equal(asked("https://crates.example/git/index"), true);
  assert.equal(asked(index), false);
});

Deno.test("cargo helper returns the bare token for a Cargo challenge", () => {
  const token = (...headers: string[]): string => {
    const { reply } = parseGet(cargo, argv, line({ kind: "get", operation: "read" }, { headers }));
    return JSON.parse(reply(issued(host)).stdout).Ok.token;
  };
  assert.equal(token('WWW-Authenticate: Cargo login_url="https://crates.example/me"'), "at-1");
  assert.equal(token("www-authenticate: Cargo", "WWW-Authenticate: Bearer"), "Bearer at-1");
  assert.equal(token("Server: Cargo"), "Bearer at-1");
  assert.equal(token(), "Bearer at-1");
});

Deno.test("cargo helper refreshes a token that the registry refused", () => {
  const headers = ['www-authenticate: Bearer error="invalid_token"', 7];
  const text = line({ kind: "get", operation: "read" }, { headers });
  assert.equal(parseGet(cargo, argv, text).isRefused, true);
});

Deno.test("cargo login stores a token, and cargo logout removes it", () => {
  const target = { origins: [host], path: "index/" };
  const login = parse(
    cargo,
    argv,
    line({ kind: "login", token: "cio-1", "login-url": "https://x" }),
  );
  assert.deepEqual(summary(login), { kind: "store", target, secret: "cio-1" });
  assert.ok(login.kind === "store");
  assert.deepEqual(login.done, printed('{"Ok":{"kind":"login"}}\n'));
  assert.deepEqual(parse(cargo, argv, line({ kind: "logout" })), {
    kind: "forget",
    target,
    done: printed('{"Ok":{"kind":"logout"}}\n'),
    miss: printed('{"Err":{"kind":"not-found"}}\n'),
  });
});

Deno.test("cargo login without a token is refused without a prompt", () => {
  for (const more of [{}, { token: "" }, { token: null }, { token: "a\nb" }]) {
    assert.throws(() => parse(cargo, argv, line({ kind: "login", ...more })), { code: "usage" });
  }
});

Deno.test("cargo helper does not support an insecure index", () => {
  const urls = [
    "ssh://git@crates.example/index",
    "sparse+http://crates.example/",
    "git://h.example",
  ];
  for (const url of urls) {
    const text = line({ kind: "get", operation: "read" }, { "index-url": url });
    assert.deepEqual(said(parse(cargo, argv, text)), { Err: { kind: "url-not-supported" } });
  }
});

Deno.test("cargo helper does not support an unknown kind", () => {
  for (const kind of ["unexpected", undefined, 1, "constructor"]) {
    const expected = { Err: { kind: "operation-not-supported" } };
    assert.deepEqual(said(parse(cargo, argv, line({ kind }))), expected);
  }
});

Deno.test("cargo helper reports every error as a line of JSON, with exit code 0", () => {
  const lines = ["", "{", "[]", "null", '{"v":1}', line({ v: 2, kind: "get" }), line({ v: "1" })];
  for (const text of lines) assert.throws(() => parse(cargo, argv, text), { code: "usage" }, text);
  for (const words of [[], ["--cargo-plugin", "get"], ["get"]]) {
    assert.throws(() => parse(cargo, words, line({ kind: "logout" })), { code: "usage" });
  }
  assert.deepEqual(
    cargo.fail('a "b"\n\x1b[A'),
    printed('{"Err":{"kind":"other","message":"a \\"b\\" [A","caused-by":[]}}\n'),
  );
});
