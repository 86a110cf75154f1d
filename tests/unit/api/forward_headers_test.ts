import { deepEqual, equal } from "node:assert/strict";
import { answerHeaders, hasKey, requestHeaders } from "../../../src/api/forward_headers.ts";
import { Secret } from "../../../src/secret.ts";

const key = new Secret("local-key");

Deno.test("the key is accepted only in the headers for API keys", () => {
  for (const name of ["x-api-key", "x-goog-api-key", "X-Api-Key"]) {
    equal(hasKey(new Headers({ [name]: "local-key" }), key), true, name);
    equal(hasKey(new Headers({ [name]: "Bearer local-key" }), key), false, name);
  }
  for (const value of ["Bearer local-key", "bearer  local-key"]) {
    equal(hasKey(new Headers({ authorization: value }), key), true, value);
  }
  for (const value of ["Basic local-key", "Bearer local-ke", "Bearer", ""]) {
    equal(hasKey(new Headers({ authorization: value }), key), false, value);
  }
  equal(hasKey(new Headers({ cookie: "local-key" }), key), false);
  const both = { authorization: "Bearer another", "x-api-key": "local-key" };
  equal(hasKey(new Headers(both), key), true);
});

Deno.test("a forwarded request has the token, but no key and no connection headers", () => {
  const sent = new Headers({
    accept: "text/event-stream",
    "accept-encoding": "gzip",
    "anthropic-version": "2023-06-01",
    authorization: "Bearer local-key",
    connection: "keep-alive, X-Mine",
    "content-length": "5",
    "content-type": "application/json",
    cookie: "key=local-key",
    host: "127.0.0.1:1",
    "proxy-authorization": "Basic eDp5",
    te: "trailers",
    "transfer-encoding": "chunked",
    upgrade: "h2c",
    "user-agent": "tool/1",
    "x-api-key": "another",
    "x-goog-api-key": "local-key",
    "x-mine": "1",
  });
  deepEqual([...requestHeaders(sent, key, "Bearer real")], [
    ["accept", "text/event-stream"],
    ["anthropic-version", "2023-06-01"],
    ["authorization", "Bearer real"],
    ["content-type", "application/json"],
    ["user-agent", "tool/1"],
  ]);
});

Deno.test("a response has no connection headers and no token", () => {
  const received = new Headers({
    authorization: "Bearer real",
    connection: "close",
    "content-length": "7",
    "content-type": "text/plain",
    "proxy-authenticate": "Basic",
    "www-authenticate": "Bearer",
  });
  deepEqual([...answerHeaders(received)], [
    ["content-length", "7"],
    ["content-type", "text/plain"],
    ["www-authenticate", "Bearer"],
  ]);
});

Deno.test("a compressed response keeps its content-encoding", () => {
  const packed = { "content-encoding": "gzip", "content-length": "7" };
  deepEqual([...answerHeaders(new Headers(packed))], Object.entries(packed));
});
