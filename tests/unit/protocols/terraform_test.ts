import assert from "node:assert/strict";
import { terraform } from "../../../src/protocols/terraform.ts";
import { given, issued, parse, parseGet, printed, summary } from "./tool.ts";

const host = "https://app.example:8443";

Deno.test("terraform helper returns the token, or an empty object", () => {
  const request = parseGet(terraform, ["get", "app.example:8443"]);
  assert.deepEqual(request.target, { origins: [host] });
  assert.deepEqual(request.reply(issued(host)), printed('{"token":"at-1"}\n'));
  assert.deepEqual(request.reply(given(host, 'a"b')), printed('{"token":"a\\"b"}\n'));
  assert.deepEqual(request.miss, printed("{}\n"));
});

Deno.test("terraform helper uses https, also on this computer, and the port", () => {
  const request = parseGet(terraform, ["get", "127.0.0.1:8443"]);
  assert.throws(() => request.reply(issued("http://127.0.0.1:8443")), { code: "failed" });
  assert.throws(() => request.reply(issued("https://127.0.0.1")), { code: "failed" });
  assert.equal(request.reply(issued("https://127.0.0.1:8443")).stdout, '{"token":"at-1"}\n');
});

Deno.test("terraform login stores a token, and terraform logout removes it", () => {
  const stored = parse(terraform, ["store", "app.example:8443"], '{"token":"tf-1"}\n');
  assert.deepEqual(summary(stored), { kind: "store", target: { origins: [host] }, secret: "tf-1" });
  const forgotten = parse(terraform, ["forget", "app.example:8443"]);
  const silence = printed("");
  const target = { origins: [host] };
  assert.deepEqual(forgotten, { kind: "forget", target, done: silence, miss: silence });
});

Deno.test("terraform store refuses an object with more than a token", () => {
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

Deno.test("terraform helper reports invalid arguments on stderr", () => {
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

Deno.test("terraform helper reads stdin only for store", () => {
  const read = ["get", "store", "forget"].filter((it) => terraform.readsInput([it, "a.example"]));
  assert.deepEqual(read, ["store"]);
});
