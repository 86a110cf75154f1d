import assert from "node:assert/strict";
import { type ApiCall, callApi } from "../../../src/api/call.ts";
import { FobError } from "../../../src/errors.ts";
import { caller, redirect, type Seen } from "./api_caller.ts";

const api = new URL("https://api.example.com");

interface Outcome {
  /** The written bytes, one character each. */
  readonly text: string;
  readonly fault: FobError | undefined;
  readonly seen: readonly Seen[];
}

/** Calls the API. stdout closes after `readings` writes. */
async function call(
  serve: (seen: Seen, index: number) => Response,
  how: Partial<ApiCall> = {},
  readings = Infinity,
): Promise<Outcome> {
  const { seen, needs } = caller(serve);
  const written: string[] = [];
  const write = (bytes: Uint8Array): Promise<boolean> => {
    if (written.length >= readings) return Promise.resolve(false);
    written.push(String.fromCharCode(...bytes));
    return Promise.resolve(true);
  };
  const url = new URL("/list", api);
  const given = {
    method: "GET",
    url,
    api,
    headers: new Headers(),
    include: false,
    paginate: false,
  };
  let fault: FobError | undefined;
  try {
    await callApi({ ...given, ...how }, { ...needs, write });
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    fault = error;
  }
  return { text: written.join(""), fault, seen };
}

const link = (target: string): ResponseInit => ({ headers: { link: `<${target}>; rel=next` } });

Deno.test("every byte of a response is written unchanged", async () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const { text, fault } = await call(() => new Response(bytes));
  assert.deepEqual(Uint8Array.from(text, (it) => it.charCodeAt(0)), bytes);
  assert.equal(fault, undefined);
});

Deno.test("a response is streamed", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { needs } = caller(() => {
    async function* halves(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
      yield new Uint8Array([1]);
      // Continues after the first half was written.
      await promise;
      yield new Uint8Array([2]);
    }
    return new Response(ReadableStream.from(halves()));
  });
  const written: number[] = [];
  const write = (bytes: Uint8Array): Promise<boolean> => {
    written.push(...bytes);
    resolve();
    return Promise.resolve(true);
  };
  const how = { method: "GET", url: api, api, headers: new Headers(), include: false };
  await callApi({ ...how, paginate: false }, { ...needs, write });
  assert.deepEqual(written, [1, 2]);
});

Deno.test("a status from 400 on is an error after the body is written", async () => {
  for (const status of [400, 404, 500, 599]) {
    const { text, fault } = await call(() => new Response("why", { status }));
    assert.deepEqual([text, fault?.code], ["why", "api_refused"]);
    assert.equal(fault?.message, `"https://api.example.com/list" answered HTTP ${status}`);
  }
  assert.equal((await call(() => new Response("x", { status: 399 }))).fault, undefined);
});

Deno.test("include writes the status and headers first, without credentials", async () => {
  const headers = new Headers({ "x-a": "\x80", authorization: "Bearer echoed" });
  headers.append("set-cookie", "a=1");
  headers.append("set-cookie", "b=2");
  const { text } = await call(
    () => new Response("body", { status: 201, statusText: "Created", headers }),
    { include: true },
  );
  const head = "content-type: text/plain;charset=UTF-8\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n";
  assert.equal(text, `HTTP/1.1 201 Created\r\n${head}x-a: \x80\r\n\r\nbody`);
});

Deno.test("a redirect to another origin is written, then is an error with its target", async () => {
  const { text, fault, seen } = await call(
    () => redirect(302, "https://evil.example/x?key=hidden"),
    { include: true },
  );
  assert.match(text, /^HTTP\/1\.1 302\r\n.*location: https:\/\/evil.*\r\n\r\nmoved$/s);
  assert.match(fault?.message ?? "", /redirects to "https:\/\/evil\.example\/x", so the token/);
  assert.equal(seen.length, 1);
});

Deno.test("paginate requests all pages", async () => {
  const serve = (_: Seen, index: number): Response =>
    new Response(`[${index}]`, index < 2 ? link(`/list?page=${index + 1}`) : {});
  assert.equal((await call(serve)).text, "[0]");
  const { text, seen } = await call(serve, { paginate: true });
  assert.equal(text, "[0][1][2]");
  assert.deepEqual(seen.map(({ url }) => new URL(url).search), ["", "?page=1", "?page=2"]);
});

Deno.test("a repeated page is an error, and so is a page at another origin", async () => {
  const twice = await call((_, index) => new Response("x", link(`/list?page=${index % 2}`)), {
    paginate: true,
  });
  assert.match(twice.fault?.message ?? "", /has already fetched$/);
  assert.equal(twice.text, "xxx");
  const away = await call(() => new Response("x", link("https://evil.example/")), {
    paginate: true,
  });
  assert.equal(away.fault?.code, "api_refused");
  assert.equal(away.seen.length, 1);
});

Deno.test("a page token in the body leads to the next page, also with a character split between chunks", async () => {
  const page = new TextEncoder().encode('{"name":"ü","next_page_token":"é"}');
  const pages = { member: "next_page_token", parameter: "page_token" };
  const { seen } = await call(
    (_, index) =>
      index > 0 ? new Response("{}") : new Response(
        ReadableStream.from([...page].map((byte) => Uint8Array.of(byte))),
      ),
    { paginate: true, pages },
  );
  assert.deepEqual(seen.map(({ url }) => new URL(url).search), ["", "?page_token=%C3%A9"]);
});

Deno.test("a closed stdout stops the call without an error", async () => {
  let cancelled = false;
  const endless = (): Response =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array([120])),
        cancel: () => void (cancelled = true),
      }),
      link("/list?page=2"),
    );
  const { text, fault, seen } = await call(endless, { paginate: true }, 3);
  assert.deepEqual([text, fault, seen.length, cancelled], ["xxx", undefined, 1, true]);
  cancelled = false;
  await call(endless, { include: true }, 0);
  assert.ok(cancelled);
});

Deno.test("a status of 400 is an error even if stdout is closed", async () => {
  const { fault } = await call(() => new Response("x", { status: 500 }), {}, 0);
  assert.equal(fault?.code, "api_refused");
});

Deno.test("an incomplete body is an error, and its first part is written", async () => {
  const lost = new FobError("provider_unreachable", "It closed the connection");
  async function* broken(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield new Uint8Array([120]);
    await Promise.reject(lost);
  }
  const { text, fault } = await call(() => new Response(ReadableStream.from(broken())));
  assert.deepEqual([text, fault], ["x", lost]);
});
