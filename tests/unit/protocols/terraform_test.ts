import assert from "node:assert/strict";
import { terraform } from "../../../src/protocols/terraform.ts";
import { given, issued, parse, parseGet, printed, summary } from "./tool.ts";

const host = "https://app.example:8443";

Deno.test("terraform gets the token, or an empty object", () => {
  const request = parseGet(terraform, ["get", "app.example:8443"]);
  assert.deepEqual(request.target, { origins: [host] });
  assert.deepEqual(request.reply(issued(host)), printed('{"token":"at-1"}\n'));
  assert.deepEqual(request.reply(given(host, 'a"b')), printed('{"token":"a\\"b"}\n'));
  assert.deepEqual(request.miss, printed("{}\n"));
});

Deno.test("a host is reached by https, on this computer too, and its port counts", () => {
  const request = parseGet(terraform, ["get", "127.0.0.1:8443"]);
  assert.throws(() => request.reply(issued("http://127.0.0.1:8443")), { code: "failed" });
  assert.throws(() => request.reply(issued("https://127.0.0.1")), { code: "failed" });
  assert.equal(request.reply(issued("https://127.0.0.1:8443")).stdout, '{"token":"at-1"}\n');
});

Deno.test("terraform login and logout keep and remove what terraform gave", () => {
  const stored = parse(terraform, ["store", "app.example:8443"], '{"token":"tf-1"}\n');
  assert.deepEqual(summary(stored), { kind: "store", target: { origins: [host] }, secret: "tf-1" });
  const forgotten = parse(terraform, ["forget", "app.example:8443"]);
  const silence = printed("");
  const target = { origins: [host] };
  assert.deepEqual(forgotten, { kind: "forget", target, done: silence, miss: silence });
});

Deno.test("what is more than a token is not kept in part", () => {
  const inputs = [
    "{}",
    '{"token":""}',
    '{"token":1}',
    '{"token":"t","cert":"c"}',
    "",
    "t",
    '["t"]',
  ];
  for (const input of [...inputs, '{"token":"a\\nb"}']) {
    assert.throws(
      () => parse(terraform, ["store", "app.example"], input),
      { code: "usage" },
      input,
    );
  }
});

Deno.test("other words are an error, which terraform reads on stderr", () => {
  const calls = [
    [],
    ["get"],
    ["get", ""],
    ["get", "a.example", "b.example"],
    ["put", "a.example"],
    ["get", "https://a.example"],
    ["get", "a.example/x"],
    ["get", "me@a.example"],
    ["get", "a.example\n"],
    ["constructor", "a.example"],
  ];
  for (const argv of calls) assert.throws(() => parse(terraform, argv), { code: "usage" });
  const failed = { stdout: "", stderr: "fob: no\n", exitCode: 1 };
  assert.deepEqual(terraform.fail("no"), failed);
});

Deno.test("stdin is read for store alone", () => {
  const read = ["get", "store", "forget"].filter((it) => terraform.readsInput([it, "a.example"]));
  assert.deepEqual(read, ["store"]);
});
