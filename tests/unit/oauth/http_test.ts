import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import { boundedFetch } from "../../../src/oauth/http.ts";
import { failure, serve } from "./fixture.ts";

const fetch = globalThis.fetch;
const get = { method: "GET", headers: {} };
const never = (): Promise<never> => new Promise(() => {});

Deno.test("a response is returned complete, and the request names fob as its user agent", async () => {
  await using server = serve((request) =>
    new Response(request.headers.get("user-agent"), { status: 201, headers: { "x-y": "z" } })
  );
  const response = await boundedFetch({ fetch, version: "1.2.3" })(server.origin, get);
  assert.equal(response.status, 201);
  assert.equal(response.headers.get("x-y"), "z");
  assert.equal(await response.text(), "fob/1.2.3");
});

Deno.test("a redirect is returned, not followed", async () => {
  await using server = serve((_, path) =>
    path === "/"
      ? new Response(null, { status: 307, headers: { location: "/secret" } })
      : new Response("followed")
  );
  const response = await boundedFetch({ fetch })(`${server.origin}/`, { ...get, method: "POST" });
  assert.equal(response.status, 307);
});

Deno.test("a body above 1 MiB is refused, whatever its Content-Length", async () => {
  await using server = serve(() => {
    const chunk = new Uint8Array(100_000);
    let left = 100;
    return new Response(
      new ReadableStream({
        pull: (controller) => left-- > 0 ? controller.enqueue(chunk) : controller.close(),
      }),
    );
  });
  const error = await failure(
    "provider_answer_invalid",
    () => boundedFetch({ fetch })(server.origin, get),
  );
  assert.equal(error.message, `"${server.origin}" answered HTTP 200 with a body larger than 1 MiB`);
});

Deno.test("a body of exactly 1 MiB is accepted", async () => {
  await using server = serve(() => new Response(new Uint8Array(1_048_576)));
  const response = await boundedFetch({ fetch })(server.origin, get);
  assert.equal((await response.bytes()).length, 1_048_576);
});

Deno.test("a server that does not respond times out", async () => {
  await using server = serve(never);
  const error = await failure(
    "provider_unreachable",
    () => boundedFetch({ fetch, timeLimit: 50 })(server.origin, get),
  );
  assert.equal(error.message, `Cannot reach "${server.origin}": timed out after 0.05 seconds`);
});

Deno.test("a server that never finishes a body times out", async () => {
  await using server = serve(() =>
    new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array([123])) }),
    )
  );
  const error = await failure(
    "provider_unreachable",
    () => boundedFetch({ fetch, timeLimit: 100 })(server.origin, get),
  );
  assert.match(error.message, /timed out after 0.1 seconds$/);
});

Deno.test("the caller's signal aborts the request with the caller's reason", async () => {
  await using server = serve(never);
  const stop = new AbortController();
  const request = boundedFetch({ fetch })(server.origin, { ...get, signal: stop.signal });
  stop.abort(new FobError("sign_in_timeout", "Too late"));
  assert.equal((await failure("sign_in_timeout", () => request)).message, "Too late");
  const ended = AbortSignal.abort();
  await failure(
    "interrupted",
    () => boundedFetch({ fetch })(server.origin, { ...get, signal: ended }),
  );
});

Deno.test("the error says why a server cannot be reached", async () => {
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = closed.addr as Deno.NetAddr;
  closed.close();
  await using plain = serve(() => new Response("x"));
  const reasons = {
    [`http://127.0.0.1:${port}`]: "the connection was refused",
    "https://fob.invalid": "could not resolve the host name",
    [plain.origin.replace("http:", "https:")]: "TLS failed: the server did not answer with TLS",
  };
  for (const [origin, reason] of Object.entries(reasons)) {
    const url = `${origin}/token?code=private`;
    const error = await failure("provider_unreachable", () => boundedFetch({ fetch })(url, get));
    assert.equal(error.message, `Cannot reach "${origin}": ${reason}`);
  }
});

Deno.test("a network error is classified by the system's text, not by words in the URL", async () => {
  const texts = {
    "client error (Connect): invalid peer certificate: UnknownIssuer":
      "TLS failed: invalid peer certificate: UnknownIssuer",
    "client error (SendRequest): connection closed before message completed":
      "the connection was closed",
    "client error (Connect): tcp connect error: Network is unreachable (os error 101)":
      "the network is unreachable",
    "client error (SendRequest): invalid HTTP version parsed": "the response is not HTTP",
    "client error (Odd): something\x1b[2J new": "something [2J new",
  };
  for (const [text, reason] of Object.entries(texts)) {
    const cause = new Error(`error sending request for url (https://dns-error.example/): ${text}`);
    const broken = (): Promise<never> => Promise.reject(new TypeError("fetch failed", { cause }));
    const error = await failure(
      "provider_unreachable",
      () => boundedFetch({ fetch: broken })("https://dns-error.example", get),
    );
    assert.equal(error.message, `Cannot reach "https://dns-error.example": ${reason}`);
  }
});
