import assert from "node:assert/strict";
import { bazel } from "../../../src/protocols/bazel.ts";
import { issued, parse, parseGet, printed, soon } from "./tool.ts";

const host = "https://cache.example";

function ask(uri: unknown): string {
  return JSON.stringify({ uri, other: 1 });
}

Deno.test("bazel helper returns headers with their expiry", () => {
  const request = parseGet(bazel, ["get"], ask("https://cache.example/v1/x"));
  assert.deepEqual(
    request.reply(issued(host, { expiresAt: soon })),
    printed('{"headers":{"Authorization":["Bearer at-1"]},"expires":"2030-01-02T03:04:05Z"}\n'),
  );
  assert.deepEqual(
    request.reply(issued(host)),
    printed('{"headers":{"Authorization":["Bearer at-1"]}}\n'),
  );
});

Deno.test("bazel helper treats grpc URLs like web URLs", () => {
  const request = parseGet(bazel, ["get"], ask("grpcs://cache.example/google.rpc.Service/Method"));
  assert.deepEqual(request.target?.origins, [host]);
});

Deno.test("bazel helper returns no headers and no error for an unknown host", () => {
  const nothing = printed('{"headers":{}}\n');
  assert.deepEqual(parseGet(bazel, ["get"], ask("https://x.example/")).miss, nothing);
  for (const uri of ["http://x.example/a.tar.gz", "grpc://x.example", "ftp://x.example/"]) {
    assert.deepEqual(parse(bazel, ["get"], ask(uri)), { kind: "done", done: nothing }, uri);
  }
});

Deno.test("bazel helper reports an invalid request on stderr", () => {
  const inputs = [
    "",
    "{",
    "[]",
    "{}",
    ask(""),
    ask(1),
    ask("x.example"),
    ask("https://a@b.example"),
  ];
  for (const input of inputs) assert.throws(() => parse(bazel, ["get"], input), { code: "usage" });
  for (const argv of [[], ["set"]]) assert.throws(() => parse(bazel, argv), { code: "usage" });
  const failed = { stdout: "", stderr: "fob: no\n", exitCode: 1 };
  assert.deepEqual(bazel.fail("no"), failed);
});
