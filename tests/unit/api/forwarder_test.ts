import { deepEqual, equal, match } from "node:assert/strict";
import { Forwarder } from "../../../src/api/forwarder.ts";
import { type ErrorCode, FobError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import type { SentRequest } from "../../../src/system/transfer.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";

const base = "http://127.0.0.1:9/place";

/** A request as the API received it. */
interface Seen {
  readonly line: string;
  readonly token: string | null;
  readonly body: string;
}

/** An API, its login, and a forwarder. */
class Bench {
  readonly seen: Seen[] = [];
  readonly notices: string[] = [];
  readonly traces: string[] = [];
  readonly clock = new FakeClock(0);
  /** The number of the current token, and of the last available one. */
  at = 1;
  last = 9;
  forced = 0;
  failure: FobError | undefined;
  answer: (seen: Seen) => Response = () => new Response("answered");
  readonly #forwarder: Forwarder;

  constructor(api = "https://api.example") {
    this.#forwarder = new Forwarder({
      api: new URL(api),
      key: new Secret("local-key"),
      source: { current: (request) => this.#current(request?.force ?? false) },
      fetch: (url, request) => this.#fetch(url, request),
      authorization: ({ token }) => `Bearer ${token.reveal()}`,
      clock: this.clock,
      notice: (text) => void this.notices.push(text),
      trace: (text) => void this.traces.push(text),
    });
  }

  async send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({
      authorization: "Bearer local-key",
      ...framingOf(init.body),
      ...init.headers,
    });
    return await this.#forwarder.answer(new Request(`${base}${path}`, { ...init, headers }), base);
  }

  async #current(force: boolean): Promise<{ token: Secret; tokenType: string }> {
    if (this.failure !== undefined) throw this.failure;
    if (force) this.forced++;
    if (force && this.at < this.last) this.at++;
    return await Promise.resolve({ token: new Secret(`token-${this.at}`), tokenType: "Bearer" });
  }

  async #fetch(url: URL, { method, headers, body }: SentRequest): Promise<Response> {
    const text = body === undefined ? "" : await new Response(body).text();
    const token = headers.get("authorization");
    const seen = { line: `${method} ${url.href}`, token, body: text };
    this.seen.push(seen);
    return this.answer(seen);
  }
}

/** The headers for the length of a body (RFC 9112 section 6). */
function framingOf(body: RequestInit["body"]): Record<string, string> {
  if (body instanceof ReadableStream) return { "transfer-encoding": "chunked" };
  return typeof body === "string" ? { "content-length": `${body.length}` } : {};
}

/** Refuses every token except the one with `number`. */
function only(number: number, status = 401): (seen: Seen) => Response {
  return ({ token }) =>
    token === `Bearer token-${number}`
      ? new Response("taken")
      : new Response("refused", { status });
}

function tokens({ seen }: Bench): string {
  return seen.map(({ token }) => token?.replace("Bearer ", "")).join();
}

Deno.test("a request is forwarded with the token, and its response is returned", async () => {
  const bench = new Bench();
  bench.answer = () =>
    new Response("made", { status: 201, statusText: "Made", headers: { "x-id": "7" } });
  const answer = await bench.send("/v1/a%2Fb?q=%20&r", { method: "POST", body: "text" });
  const line = "POST https://api.example/v1/a%2Fb?q=%20&r";
  deepEqual(bench.seen, [{ line, token: "Bearer token-1", body: "text" }]);
  equal(`${answer.status} ${answer.statusText}`, "201 Made");
  equal(answer.headers.get("x-id"), "7");
  equal(await answer.text(), "made");
  match(bench.traces.join(), /^POST https:\/\/api\.example\/v1\/a%2Fb: HTTP 201 after 0 ms$/);
});

Deno.test("no path leads to another host, or above the base path of the API", async () => {
  const bench = new Bench("https://api.example/base/");
  const paths = [
    ["", "/base"],
    ["/", "/base/"],
    ["//evil.example/x", "/base//evil.example/x"],
    ["/@evil.example/", "/base/@evil.example/"],
    ["/a/../b", "/base/b"],
    ["/https://evil.example", "/base/https://evil.example"],
    ["/\\evil.example", "/base//evil.example"],
  ];
  for (const [path = ""] of paths) equal((await bench.send(path)).status, 200, path);
  deepEqual(
    bench.seen.map(({ line }) => line),
    paths.map(([, at]) => `GET https://api.example${at}`),
  );
});

Deno.test("a request without the key, or with it in the URL, is not forwarded", async () => {
  const bench = new Bench();
  equal((await bench.send("/", { headers: { authorization: "Bearer other" } })).status, 401);
  equal((await bench.send("/", { headers: { authorization: "" } })).status, 401);
  equal((await bench.send("/?key=local-key")).status, 400);
  deepEqual(bench.seen, []);
});

Deno.test("unsupported requests are rejected", async () => {
  const bench = new Bench();
  equal((await bench.send("/", { headers: { upgrade: "websocket" } })).status, 501);
  equal((await bench.send("/", { headers: { "content-length": "5" } })).status, 501);
  equal((await bench.send("/", { headers: { "transfer-encoding": "chunked" } })).status, 501);
  const packed = { method: "POST", headers: { "transfer-encoding": "gzip, chunked" } };
  equal((await bench.send("/", packed)).status, 501);
  deepEqual(bench.seen, []);
});

for (const status of [401, 403]) {
  Deno.test(`after ${status}, the request is sent once more with a newer token`, async () => {
    const bench = new Bench();
    bench.answer = only(2, status);
    const answer = await bench.send("/", { method: "POST", body: "text" });
    equal(await answer.text(), "taken");
    equal(tokens(bench), "token-1,token-2");
    deepEqual(bench.seen.map(({ body }) => body), ["text", "text"]);
  });
}

Deno.test("a body without a length is sent again too", async () => {
  const bench = new Bench();
  bench.answer = only(2);
  const body = ReadableStream.from([new TextEncoder().encode("streamed")]);
  equal(await (await bench.send("/", { method: "POST", body })).text(), "taken");
  deepEqual(bench.seen.map((seen) => seen.body), ["streamed", "streamed"]);
});

Deno.test("a body that is too large is not sent again, but the next request has the newer token", async () => {
  const bench = new Bench();
  bench.answer = only(2);
  const chunk = new Uint8Array(1_048_576);
  const body = ReadableStream.from(Array.from({ length: 33 }, () => chunk));
  equal((await bench.send("/", { method: "POST", body })).status, 401);
  equal((await bench.send("/")).status, 200);
  equal(tokens(bench), "token-1,token-2");
});

Deno.test("a newer token of another request is used, and no refresh is forced", async () => {
  const bench = new Bench();
  bench.answer = (seen) => {
    bench.at = 2;
    return only(2)(seen);
  };
  equal((await bench.send("/")).status, 200);
  equal(bench.forced, 0);
});

Deno.test("a second refusal is returned, and no refresh is forced for a while", async () => {
  const bench = new Bench();
  bench.answer = only(0, 403);
  equal((await bench.send("/")).status, 403);
  equal((await bench.send("/")).status, 403);
  equal(tokens(bench), "token-1,token-2,token-2");
  bench.clock.advance(30_000);
  await bench.send("/");
  equal(tokens(bench), "token-1,token-2,token-2,token-2,token-3");
});

Deno.test("the API's refusal is returned if there is no newer token", async () => {
  const bench = new Bench();
  bench.answer = only(0);
  bench.last = 1;
  equal(await (await bench.send("/")).text(), "refused");
  await bench.send("/");
  equal(tokens(bench), "token-1,token-1");
  equal(bench.forced, 1);
});

Deno.test("the API's refusal is returned, with a notice, if the login cannot be renewed", async () => {
  const bench = new Bench();
  bench.answer = (seen) => {
    bench.failure = new FobError("sign_in_again", "The login has ended");
    return only(0)(seen);
  };
  equal(await (await bench.send("/")).text(), "refused");
  deepEqual(bench.notices, ["The login has ended"]);
});

Deno.test("a failed request is a JSON error", async () => {
  const outcomes: [ErrorCode, number][] = [["sign_in_again", 401], ["provider_unreachable", 503]];
  for (const [code, status] of outcomes) {
    const bench = new Bench();
    bench.failure = new FobError(code, "It is so");
    const answer = await bench.send("/");
    equal(answer.status, status);
    deepEqual(await answer.json(), { error: { code, message: "fob: It is so" } });
  }
});

Deno.test("a redirect within the API points to the local URL, and is not followed", async () => {
  const targets = [
    ["/base/x?y", `${base}/x?y`],
    ["x", `${base}/a/x`],
    ["https://api.example/base/x", `${base}/x`],
    ["https://api.example/elsewhere", "https://api.example/elsewhere"],
    ["https://evil.example/base/x", "https://evil.example/base/x"],
    ["//evil.example/", "https://evil.example/"],
  ];
  for (const [location = "", expected] of targets) {
    const bench = new Bench("https://api.example/base");
    bench.answer = () => new Response(null, { status: 302, headers: { location } });
    const answer = await bench.send("/a/b");
    equal(answer.status, 302);
    equal(answer.headers.get("location"), expected);
    equal(bench.seen.length, 1);
  }
});

Deno.test("a response without a body stays without one", async () => {
  for (const status of [204, 304]) {
    const bench = new Bench();
    bench.answer = () => new Response(null, { status });
    const answer = await bench.send("/");
    equal(answer.status, status);
    equal(answer.body, null);
  }
});

Deno.test("an incomplete request body is status 400, and nothing is sent", async () => {
  const bench = new Bench();
  const body = new ReadableStream({
    pull: (controller): void => controller.error(new TypeError("unexpected end of file")),
  });
  const answer = await bench.send("/x", {
    method: "POST",
    headers: { "content-length": "7" },
    body,
  });
  equal(answer.status, 400);
  match(await answer.text(), /The request body is incomplete/);
  deepEqual(bench.seen, []);
});
