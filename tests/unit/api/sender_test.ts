import assert from "node:assert/strict";
import fc from "fast-check";
import { type ApiRequest, ApiSender } from "../../../src/api/sender.ts";
import { FobError } from "../../../src/errors.ts";
import { bodyOf, caller, redirect } from "./api_caller.ts";

const api = new URL("https://api.example.com/v2");

function request(method = "GET", more: Partial<ApiRequest> = {}): ApiRequest {
  return {
    method,
    url: new URL("https://api.example.com/v2/a?x=1"),
    headers: new Headers(),
    ...more,
  };
}

Deno.test("a request has the token, and one token is used for the whole run", async () => {
  const { seen, needs, given } = caller(() => new Response("ok"));
  const sender = new ApiSender(api, needs);
  await sender.send(request());
  const { response, url, fault } = await sender.send(request("POST", { body: bodyOf("b") }));
  assert.deepEqual(seen.map((it) => [it.method, it.authorization, it.body]), [
    ["GET", "Bearer at-1", undefined],
    ["POST", "Bearer at-1", "b"],
  ]);
  assert.equal(await response.body?.getReader().read().then(({ value }) => value?.length), 2);
  assert.deepEqual([url.href, fault, given()], ["https://api.example.com/v2/a?x=1", undefined, 1]);
});

Deno.test("after a 401, the request is sent again with a fresh token, once in a run", async () => {
  const { seen, needs, given } = caller((_, index) =>
    new Response(null, { status: [401, 200, 401][index] ?? 500 })
  );
  const sender = new ApiSender(api, needs);
  const first = await sender.send(request("POST", { body: bodyOf("b") }));
  assert.equal(first.response.status, 200);
  assert.deepEqual(seen.map((it) => [it.authorization, it.body]), [
    ["Bearer at-1", "b"],
    ["Bearer at-2", "b"],
  ]);
  const second = await sender.send(request());
  assert.deepEqual([second.response.status, seen.length, given()], [401, 3, 2]);
});

Deno.test("the same token is not sent a second time", async () => {
  const { seen, needs } = caller(() => new Response(null, { status: 401 }), 1);
  const { response, fault } = await new ApiSender(api, needs).send(request());
  assert.deepEqual([response.status, fault, seen.length], [401, undefined, 1]);
});

Deno.test("a body that can be read only once is not sent again, and the error says so", async () => {
  const { seen, needs, given } = caller(() => new Response("no", { status: 401 }));
  const body = bodyOf("b", false);
  const { response, fault } = await new ApiSender(api, needs).send(request("POST", { body }));
  assert.deepEqual([response.status, seen.length, given()], [401, 1, 2]);
  assert.match(
    fault?.message ?? "",
    /HTTP 401\. The token was refreshed, but the request body cannot/,
  );
});

Deno.test("the error is the reason why there is no fresh token", async () => {
  const { needs } = caller(() => new Response(null, { status: 401 }));
  const ended = new FobError("sign_in_again", "The login has ended");
  const sender = new ApiSender(api, {
    ...needs,
    authorization: (fresh) => fresh ? Promise.reject(ended) : Promise.resolve("Bearer at-1"),
  });
  await assert.rejects(sender.send(request()), ended);
});

/** The method after a redirect, by RFC 9110 section 15.4 and Fetch. */
const methods: readonly [status: number, before: string, after: string][] = [
  [301, "GET", "GET"],
  [301, "POST", "GET"],
  [301, "PUT", "PUT"],
  [302, "HEAD", "HEAD"],
  [302, "POST", "GET"],
  [302, "DELETE", "DELETE"],
  [303, "POST", "GET"],
  [303, "PUT", "GET"],
  [303, "HEAD", "HEAD"],
  [307, "POST", "POST"],
  [308, "PATCH", "PATCH"],
];

for (const [status, before, after] of methods) {
  Deno.test(`${before} becomes ${after} after a ${status}, with or without its body`, async () => {
    const { seen, needs } = caller((_, index) =>
      index === 0 ? redirect(status, "../b?y=2") : new Response("ok")
    );
    const hasBody = !["GET", "HEAD"].includes(before);
    const headers = new Headers({ "content-type": "text/plain", "x-a": "1" });
    const { url } = await new ApiSender(api, needs).send(
      request(before, { headers, ...(hasBody ? { body: bodyOf("b") } : {}) }),
    );
    const [, second] = seen;
    assert.equal(url.href, "https://api.example.com/b?y=2");
    assert.deepEqual([second?.method, second?.url], [after, url.href]);
    assert.equal(second?.body, hasBody && after === before ? "b" : undefined);
    assert.equal(second?.headers.has("content-type"), after === before);
    assert.equal(second?.headers.get("x-a"), "1");
  });
}

Deno.test("a redirect without a location, and other 3xx statuses, are returned", async () => {
  for (const status of [300, 304, 305]) {
    const { seen, needs } = caller(() =>
      new Response(null, { status, headers: { location: "/b" } })
    );
    assert.equal((await new ApiSender(api, needs).send(request())).fault, undefined);
    assert.equal(seen.length, 1);
  }
  const { needs } = caller(() => new Response("x", { status: 302 }));
  assert.equal((await new ApiSender(api, needs).send(request())).response.status, 302);
});

Deno.test("five redirects are followed, but not a sixth", async () => {
  for (const count of [5, 6]) {
    const { seen, needs } = caller((_, index) =>
      index < count ? redirect(302, `/${index}`) : new Response("ok")
    );
    const { response, fault } = await new ApiSender(api, needs).send(request());
    assert.equal(seen.length, 6);
    assert.equal(response.status, count === 5 ? 200 : 302);
    assert.equal(fault?.message.includes("more than 5 times") ?? false, count === 6);
  }
});

Deno.test("a body that can be read only once is not sent to a redirect", async () => {
  const { seen, needs } = caller(() => redirect(307, "/b"));
  const body = bodyOf("b", false);
  const { fault } = await new ApiSender(api, needs).send(request("POST", { body }));
  assert.match(
    fault?.message ?? "",
    /redirects to "[^"]*\/b", but the request body cannot be read again$/,
  );
  assert.equal(seen.length, 1);
});

Deno.test("no redirect sends a request to another origin", async () => {
  const part = fc.oneof(
    fc.constantFrom(
      "https://",
      "http://",
      "//",
      "\\\\",
      "evil.example",
      "api.example.com",
      ":443",
      ":8443",
      "@",
      "/",
      "?q=secret",
      "#f",
      "javascript:",
      "\t",
      "..",
    ),
    fc.string({ maxLength: 3 }).map((text) => text.replace(/[^\x20-\x7e]/g, "")),
  );
  const location = fc.array(part, { maxLength: 6 }).map((parts) => parts.join("").trim());
  const status = fc.constantFrom(301, 302, 303, 307, 308);
  let elsewhere = 0;
  await fc.assert(
    fc.asyncProperty(location, status, async (text, code) => {
      const { seen, needs } = caller((_, index) =>
        index === 0 ? redirect(code, text) : new Response("ok")
      );
      const { fault } = await new ApiSender(api, needs).send(
        request("POST", { body: bodyOf("b") }),
      );
      for (const { url } of seen) assert.equal(new URL(url).origin, api.origin);
      assert.equal(seen.length, fault === undefined ? 2 : 1);
      assert.ok(!fault?.message.includes("secret"));
      if (fault !== undefined) elsewhere++;
    }),
    { numRuns: 2000 },
  );
  assert.ok(elsewhere > 200, `only ${elsewhere} of 2000 led elsewhere`);
});

Deno.test("a request to another origin is an internal error, and is not sent", async () => {
  const { seen, needs } = caller(() => new Response("ok"));
  const url = new URL("https://evil.example/");
  await assert.rejects(new ApiSender(api, needs).send(request("GET", { url })), /is not at/);
  assert.equal(seen.length, 0);
});

Deno.test("a trace has the request without the token and the query", async () => {
  const { traced, needs } = caller(() => new Response("ok"));
  await new ApiSender(api, needs).send(request());
  assert.deepEqual(traced, ["GET https://api.example.com/v2/a?...: HTTP 200 after 0 ms"]);
});
