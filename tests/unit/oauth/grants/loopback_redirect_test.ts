import assert from "node:assert/strict";
import { FobError } from "../../../../src/errors.ts";
import {
  LoopbackRedirect,
  type RegisteredRedirect,
} from "../../../../src/oauth/grants/loopback_redirect.ts";
import { failure } from "../fixture.ts";

const signedIn = { outcome: "signed-in", host: "api.example.com" } as const;

/** Sends a raw request and reads the response, because fetch cannot send a wrong Host. */
async function send(port: string, text: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
  await connection.write(new TextEncoder().encode(text));
  return await new Response(connection.readable).text();
}

function portOf(redirect: LoopbackRedirect): string {
  return new URL(redirect.uri).port;
}

/** Whether the callback is still pending. */
async function isWaiting(redirect: LoopbackRedirect): Promise<boolean> {
  const waiting = Symbol();
  return await Promise.race([redirect.callback, Promise.resolve(waiting)]) === waiting;
}

Deno.test("the callback is accepted, and its page waits for the outcome", async () => {
  await using redirect = new LoopbackRedirect({ state: "right" });
  assert.match(redirect.uri, /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  let answered = false;
  const page = fetch(`${redirect.uri}?code=c1&state=right`).then((response) => {
    answered = true;
    return response;
  });
  assert.equal((await redirect.callback).get("code"), "c1");
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(answered, false, "the page came before the outcome");
  redirect.finish(signedIn);
  const response = await page;
  assert.equal(response.status, 200);
  assert.match(await response.text(), /signed in to <b>api\.example\.com<\/b>/);
});

Deno.test("the response headers forbid caching and loading", async () => {
  await using redirect = new LoopbackRedirect({ state: "right" });
  redirect.finish(signedIn);
  for (const path of ["/callback?code=c1&state=right", "/favicon.ico"]) {
    const response = await fetch(new URL(path, redirect.uri));
    await response.body?.cancel();
    const { headers } = response;
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.match(headers.get("content-security-policy") ?? "", /^default-src 'none';/);
  }
});

Deno.test("unexpected and hostile requests get an error and change nothing", async () => {
  await using redirect = new LoopbackRedirect({ state: "right" });
  const port = portOf(redirect);
  const host = `Host: 127.0.0.1:${port}\r\nConnection: close`;
  const target = "/callback?code=evil&state=right";
  const requests: [number, string][] = [
    [404, `GET /favicon.ico HTTP/1.1\r\n${host}\r\n\r\n`],
    [404, `GET /?code=evil&state=right HTTP/1.1\r\n${host}\r\n\r\n`],
    [404, `GET /callback/?code=evil&state=right HTTP/1.1\r\n${host}\r\n\r\n`],
    [405, `POST ${target} HTTP/1.1\r\n${host}\r\nContent-Length: 0\r\n\r\n`],
    [405, `HEAD ${target} HTTP/1.1\r\n${host}\r\n\r\n`],
    [405, `OPTIONS ${target} HTTP/1.1\r\n${host}\r\n\r\n`],
    [403, `GET ${target} HTTP/1.1\r\nHost: evil.example:${port}\r\nConnection: close\r\n\r\n`],
    [403, `GET ${target} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`],
    [403, `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`],
    [403, `GET ${target} HTTP/1.0\r\n\r\n`],
    [
      403,
      `GET ${redirect.uri}?code=evil&state=right HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    ],
    [403, `GET http://evil.example${target} HTTP/1.1\r\n${host}\r\n\r\n`],
    [400, `GET /callback HTTP/1.1\r\n${host}\r\n\r\n`],
    [400, `GET /callback?code=evil&state=wrong HTTP/1.1\r\n${host}\r\n\r\n`],
    [400, `GET /callback?code=evil HTTP/1.1\r\n${host}\r\n\r\n`],
    [400, `GET /callback?code=evil&state=right&state=right HTTP/1.1\r\n${host}\r\n\r\n`],
    [400, `GET /callback?state=right HTTP/1.1\r\n${host}\r\n\r\n`],
    [400, `GET /callback?code=<script>&state=<script> HTTP/1.1\r\n${host}\r\n\r\n`],
    [400, `\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n`],
  ];
  for (const [status, request] of requests) {
    const answer = await send(port, request);
    assert.match(answer, new RegExp(`^HTTP/1\\.[01] ${status} `), request);
    assert.ok(answer.length < 1000 && !answer.includes("script>"), answer);
  }
  assert.ok(await isWaiting(redirect));
  redirect.finish(signedIn);
  await (await fetch(`${redirect.uri}?code=good&state=right`)).body?.cancel();
  assert.equal((await redirect.callback).get("code"), "good");
});

Deno.test("a second callback gets the page of the first and changes nothing", async () => {
  await using redirect = new LoopbackRedirect({ state: "right" });
  const first = fetch(`${redirect.uri}?code=first&state=right`);
  await redirect.callback;
  const second = fetch(`${redirect.uri}?code=second&state=right`);
  redirect.finish({ outcome: "failed", reason: "It was refused", kept: "nothing" });
  redirect.finish(signedIn);
  const pages = await Promise.all([first, second].map(async (it) => (await it).text()));
  assert.equal(pages[0], pages[1]);
  assert.match(pages[0] ?? "", /It was refused/);
  assert.equal((await redirect.callback).get("code"), "first");
});

Deno.test("a page that waits for too long says that the sign-in is in progress", async () => {
  await using redirect = new LoopbackRedirect({ state: "right", pageLimit: 20 });
  const response = await fetch(`${redirect.uri}?code=c1&state=right`);
  assert.match(await response.text(), /fob is finishing/);
});

Deno.test("an aborted signal ends the wait for the callback with its reason", async () => {
  const stop = new AbortController();
  await using redirect = new LoopbackRedirect({ state: "right", signal: stop.signal });
  stop.abort(new FobError("sign_in_timeout", "Too late"));
  assert.equal((await failure("sign_in_timeout", () => redirect.callback)).message, "Too late");
  await using late = new LoopbackRedirect({ state: "right", signal: AbortSignal.abort() });
  await failure("interrupted", () => late.callback);
});

Deno.test("closing sends the pending page and frees the port", async () => {
  for (let round = 0; round < 50; round++) {
    const redirect = new LoopbackRedirect({ state: "right" });
    const page = fetch(`${redirect.uri}?code=c1&state=right`);
    await redirect.callback;
    redirect.finish(signedIn);
    await redirect[Symbol.asyncDispose]();
    assert.match(await (await page).text(), /api\.example\.com/);
    await assert.rejects(fetch(redirect.uri));
  }
});

Deno.test("unfinished connections do not block closing", async () => {
  const redirect = new LoopbackRedirect({ state: "right" });
  const target = { hostname: "127.0.0.1", port: Number(portOf(redirect)) };
  const endless = `POST /callback HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nabc`;
  const texts = ["", "GET /callback HTTP/1.1\r\nHost: 127", endless];
  const connections = await Promise.all(texts.map(async (text) => {
    const connection = await Deno.connect(target);
    await connection.write(new TextEncoder().encode(text));
    return connection;
  }));
  await (await fetch(new URL("/", redirect.uri))).body?.cancel();
  const startedAt = performance.now();
  await redirect[Symbol.asyncDispose]();
  assert.ok(performance.now() - startedAt < 1000, "closing took too long");
  for (const connection of connections) connection.close();
});

/** Any free port, tried several times because it must be free on both addresses. */
const anyPort = Array<number>(20).fill(0);
const localhost: RegisteredRedirect = { hostname: "localhost", path: "", ports: anyPort };

/** Whether this computer has `::1`. */
const hasIpv6 = Deno.networkInterfaces().some(({ address }) => address === "::1");

Deno.test("the first free registered port is used, and the error names the ports if all are in use", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr as Deno.NetAddr;
  for (const { hostname, path } of [localhost, { hostname: "127.0.0.1", path: "/cb" }] as const) {
    const registered = { hostname, path, ports: [port, ...anyPort] };
    await using redirect = new LoopbackRedirect({ state: "right", registered });
    assert.notEqual(portOf(redirect), String(port));
    assert.equal(redirect.uri, `http://${hostname}:${portOf(redirect)}${path}`);
    const error = await failure(
      "io_failed",
      () =>
        new LoopbackRedirect({
          state: "right",
          registered: { ...registered, ports: [port, Number(portOf(redirect))] },
        }),
    );
    const tried = `${port}, ${portOf(redirect)}`;
    assert.equal(
      error.message,
      `Cannot listen for the sign-in callback: no free port (tried ${tried})`,
    );
  }
});

Deno.test(
  "a port of localhost is free only if it is free on both addresses",
  { ignore: !hasIpv6 },
  async () => {
    using taken = Deno.listen({ hostname: "::1", port: 0 });
    const { port } = taken.addr as Deno.NetAddr;
    const registered = { ...localhost, ports: [port, ...anyPort] };
    const redirect = new LoopbackRedirect({ state: "right", registered });
    assert.notEqual(portOf(redirect), String(port));
    await redirect[Symbol.asyncDispose]();
    await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port }));
  },
);

Deno.test("the callback arrives on either address of localhost", async () => {
  for (const hostname of hasIpv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"]) {
    await using redirect = new LoopbackRedirect({ state: "right", registered: localhost });
    const port = Number(portOf(redirect));
    using connection = await Deno.connect({ hostname, port });
    const request = `GET /?code=c1&state=right HTTP/1.1\r\nHost: localhost:${port}\r\n` +
      "Connection: close\r\n\r\n";
    await connection.write(new TextEncoder().encode(request));
    assert.equal((await redirect.callback).get("code"), "c1");
    redirect.finish(signedIn);
    assert.match(await new Response(connection.readable).text(), /signed in to <b>api/);
  }
});

Deno.test("a redirect URI without a path accepts the callback on any path", async () => {
  for (const path of ["", "/", "/callback", "/some/where"]) {
    await using redirect = new LoopbackRedirect({ state: "right", registered: localhost });
    assert.match(redirect.uri, /^http:\/\/localhost:\d+$/);
    redirect.finish(signedIn);
    const page = await fetch(`${redirect.uri}${path}?code=c1&state=right`);
    await page.body?.cancel();
    assert.equal((await redirect.callback).get("code"), "c1");
  }
});

Deno.test("a redirect URI without a path checks everything else", async () => {
  await using redirect = new LoopbackRedirect({ state: "right", registered: localhost });
  const port = portOf(redirect);
  const host = `Host: localhost:${port}\r\nConnection: close`;
  const requests: [number, string][] = [
    [400, `GET /favicon.ico HTTP/1.1\r\n${host}\r\n\r\n`],
    [400, `GET /?code=evil&state=wrong HTTP/1.1\r\n${host}\r\n\r\n`],
    [400, `GET /?state=right HTTP/1.1\r\n${host}\r\n\r\n`],
    [405, `POST /?code=evil&state=right HTTP/1.1\r\n${host}\r\nContent-Length: 0\r\n\r\n`],
    [
      403,
      `GET /?code=evil&state=right HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
    ],
    [403, `GET /?code=evil&state=right HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`],
  ];
  for (const [status, request] of requests) {
    assert.match(await send(port, request), new RegExp(`^HTTP/1\\.1 ${status} `), request);
  }
  assert.ok(await isWaiting(redirect));
});

Deno.test("closing frees both addresses of localhost", async () => {
  const redirect = new LoopbackRedirect({ state: "right", registered: localhost });
  const port = Number(portOf(redirect));
  await redirect[Symbol.asyncDispose]();
  for (const hostname of hasIpv6 ? ["127.0.0.1", "::1"] : ["127.0.0.1"]) {
    await assert.rejects(Deno.connect({ hostname, port }), Deno.errors.ConnectionRefused);
  }
});

Deno.test("only this computer can reach the listener", async () => {
  await using redirect = new LoopbackRedirect({ state: "right" });
  const others = Deno.networkInterfaces()
    .filter(({ family, address }) => family === "IPv4" && !address.startsWith("127."));
  for (const { address: hostname } of others) {
    await assert.rejects(Deno.connect({ hostname, port: Number(portOf(redirect)) }));
  }
  await assert.rejects(Deno.connect({ hostname: "::1", port: Number(portOf(redirect)) }));
});
