import { deepEqual, equal, ok } from "node:assert/strict";
import { forwardBody } from "../../../src/api/forward_body.ts";

const encoder = new TextEncoder();

const chunked = { "transfer-encoding": "chunked" };

function streamed(chunks: readonly string[], headers: Record<string, string> = chunked): Request {
  const body = ReadableStream.from(chunks.map((chunk) => encoder.encode(chunk)));
  return new Request("http://127.0.0.1/", { method: "POST", headers, body });
}

async function textOf(body: BodyInit): Promise<string> {
  return await new Response(body).text();
}

Deno.test("a request without a body has none", async () => {
  equal(await forwardBody(new Request("http://127.0.0.1/")), undefined);
  equal(await forwardBody(streamed([], {})), undefined);
});

Deno.test("a body with a known length is read completely, and can be sent again", async () => {
  const body = await forwardBody(streamed(["ab", "cd"], { "content-length": "4" }), 4);
  ok(body?.sent instanceof Uint8Array);
  deepEqual(body.again(), encoder.encode("abcd"));
});

Deno.test("a body with an unknown length is streamed, and can be sent again after it was read", async () => {
  const body = await forwardBody(streamed(["ab", "cd"]), 4);
  ok(body?.sent instanceof ReadableStream);
  equal(body.again(), undefined);
  equal(await textOf(body.sent), "abcd");
  deepEqual(body.again(), encoder.encode("abcd"));
});

Deno.test("a body above the limit is streamed, and not kept", async () => {
  for (const headers of [chunked, { "content-length": "5" }]) {
    const body = await forwardBody(streamed(["ab", "cd", "e"], headers), 4);
    ok(body?.sent instanceof ReadableStream);
    equal(await textOf(body.sent), "abcde");
    equal(body.again(), undefined);
  }
});
