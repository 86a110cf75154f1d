import assert from "node:assert/strict";
import { bazel } from "../../../src/protocols/bazel.ts";
import { hear, hearGet, issued, says, soon } from "./tool.ts";

const host = "https://cache.example";

function ask(uri: unknown): string {
  return JSON.stringify({ uri, other: 1 });
}

Deno.test("Bazel gets headers, and when they expire", () => {
  const request = hearGet(bazel, ["get"], ask("https://cache.example/v1/x"));
  assert.deepEqual(
    request.reply(issued(host, { expiresAt: soon })),
    says('{"headers":{"Authorization":["Bearer at-1"]},"expires":"2030-01-02T03:04:05Z"}\n'),
  );
  assert.deepEqual(
    request.reply(issued(host)),
    says('{"headers":{"Authorization":["Bearer at-1"]}}\n'),
  );
});

Deno.test("gRPC is asked about like the web", () => {
  const request = hearGet(bazel, ["get"], ask("grpcs://cache.example/google.rpc.Service/Method"));
  assert.deepEqual(request.target?.origins, [host]);
});

Deno.test("what fob does not know gets no headers, and does not end the build", () => {
  const nothing = says('{"headers":{}}\n');
  assert.deepEqual(hearGet(bazel, ["get"], ask("https://x.example/")).miss, nothing);
  for (const uri of ["http://x.example/a.tar.gz", "grpc://x.example", "ftp://x.example/"]) {
    assert.deepEqual(hear(bazel, ["get"], ask(uri)), { kind: "done", done: nothing }, uri);
  }
});

Deno.test("what is no question is an error, told on stderr", () => {
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
  for (const input of inputs) assert.throws(() => hear(bazel, ["get"], input), { code: "usage" });
  for (const argv of [[], ["set"]]) assert.throws(() => hear(bazel, argv), { code: "usage" });
  const failed = { stdout: "", stderr: "fob: no\n", exitCode: 1 };
  assert.deepEqual(bazel.fail("no"), failed);
});
