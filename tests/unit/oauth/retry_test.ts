import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import { type BoundedFetch, boundedFetch } from "../../../src/oauth/http.ts";
import { retryingFetch } from "../../../src/oauth/retry.ts";
import { FakeClock } from "../../fakes/machine/clock.ts";
import { failure, noon, serve } from "./fixture.ts";

const url = "https://login.example/token";

interface Run {
  readonly fetch: BoundedFetch;
  /** The time of each request, in seconds after the start. */
  readonly sentAt: number[];
}

/** A fetch with the given outcomes in order, repeating the last, and a clock that advances only in `sleep`. */
function retrying(...answers: (() => Response | Error)[]): Run {
  const clock = new FakeClock(noon);
  const sentAt: number[] = [];
  const fetch: BoundedFetch = () => {
    sentAt.push((clock.now() - noon) / 1000);
    const answer = (answers.length > 1 ? answers.shift() : answers[0])?.() ?? new Error("none");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const needs = {
    now: () => clock.now(),
    sleep: (duration: number, signal?: AbortSignal) => clock.sleep(duration, signal),
  };
  return { fetch: retryingFetch(fetch, needs), sentAt };
}

const status = (code: number, headers: HeadersInit = {}) => (): Response =>
  new Response("", { status: code, headers });
const good = status(200);
const closed = (): Error =>
  new FobError("provider_unreachable", "Closed", { facts: { network: "closed" } });

for (const code of [429, 502, 503, 504]) {
  Deno.test(`HTTP ${code} is retried after 1, 2 and 4 seconds`, async () => {
    const { fetch, sentAt } = retrying(status(code), status(code), status(code), good);
    assert.equal((await fetch(url, {})).status, 200);
    assert.deepEqual(sentAt, [0, 1, 3, 7]);
  });
}

Deno.test("any other response is returned at once", async () => {
  for (const code of [200, 302, 400, 401, 403, 404, 500, 501]) {
    const { fetch, sentAt } = retrying(status(code, { "retry-after": "1" }), good);
    assert.equal((await fetch(url, {})).status, code);
    assert.equal(sentAt.length, 1);
  }
});

Deno.test("a closed connection is retried, any other failure is thrown at once", async () => {
  const { fetch, sentAt } = retrying(closed, good);
  assert.equal((await fetch(url, {})).status, 200);
  assert.deepEqual(sentAt, [0, 1]);
  for (const code of ["provider_unreachable", "provider_answer_invalid", "interrupted"] as const) {
    const other = retrying(() => new FobError(code, "No"), good);
    await failure(code, () => other.fetch(url, {}));
    assert.equal(other.sentAt.length, 1);
  }
});

/** The `Retry-After` header, the other headers, and the expected wait in seconds. */
const waits: [string, string, Record<string, string>, number][] = [
  ["seconds", "7", {}, 7],
  ["zero", "0", {}, 1],
  ["a date", new Date(noon + 9000).toUTCString(), {}, 9],
  ["a past date", new Date(noon - 9000).toUTCString(), {}, 1],
  [
    "a date of a server with a clock an hour ahead",
    new Date(noon + 3_605_000).toUTCString(),
    { date: new Date(noon + 3_600_000).toUTCString() },
    5,
  ],
  ["nonsense", "soon", {}, 1],
  ["a negative number", "-5", {}, 1],
];

for (const [name, value, more, wait] of waits) {
  Deno.test(`Retry-After with ${name} means ${wait} s`, async () => {
    const { fetch, sentAt } = retrying(status(503, { "retry-after": value, ...more }), good);
    await fetch(url, {});
    assert.deepEqual(sentAt, [0, wait]);
  });
}

Deno.test("retries stop after a minute, and the last response is returned", async () => {
  const { fetch, sentAt } = retrying(status(503));
  assert.equal((await fetch(url, {})).status, 503);
  assert.deepEqual(sentAt, [0, 1, 3, 7, 15, 31]);
  const down = retrying(closed);
  assert.equal(
    (await failure("provider_unreachable", () => down.fetch(url, {}))).message,
    "Closed",
  );
  assert.deepEqual(down.sentAt, [0, 1, 3, 7, 15, 31]);
});

Deno.test("a Retry-After beyond the limit ends the retries at once", async () => {
  for (const value of ["60", "3600", "9".repeat(400)]) {
    const { fetch, sentAt } = retrying(status(429, { "retry-after": value }), good);
    assert.equal((await fetch(url, {})).status, 429);
    assert.deepEqual(sentAt, [0]);
  }
});

Deno.test("the signal ends the wait with its reason", async () => {
  const stop = new AbortController();
  const needs = {
    now: () => noon,
    sleep: (_: number, signal?: AbortSignal) => Promise.reject(signal?.reason),
  };
  const fetch = retryingFetch(() => {
    stop.abort();
    return Promise.resolve(status(503)());
  }, needs);
  await failure("interrupted", () => fetch(url, { signal: stop.signal }));
});

Deno.test("a connection that a real server closes is retried with the same form", async () => {
  const forms: string[] = [];
  await using server = serve(async (request) => {
    forms.push(await request.text());
    if (forms.length > 1) return new Response("there");
    return new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
        pull: (controller) => controller.error(new Error("cut")),
      }),
    );
  });
  const bounded = boundedFetch({ fetch: globalThis.fetch, timeLimit: 5_000 });
  const fetch = retryingFetch(bounded, { now: () => noon, sleep: () => Promise.resolve() });
  const body = new URLSearchParams({ grant_type: "client_credentials" });
  const response = await fetch(server.origin, { method: "POST", body });
  assert.equal(await response.text(), "there");
  assert.deepEqual(forms, Array(2).fill("grant_type=client_credentials"));
});
