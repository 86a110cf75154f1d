import { deepEqual, equal, match } from "node:assert/strict";
import { answerMetadata } from "../../../src/api/metadata_service.ts";
import { type ErrorCode, FobError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import type { AccessToken } from "../../../src/tokens/token.ts";

const now = Date.UTC(2026, 0, 1);
const asked = { "x-databricks-metadata-version": "1", "x-databricks-host": "https://dbc.example" };

async function ask(
  headers: Record<string, string> = asked,
  current: () => Promise<Partial<AccessToken>> = () =>
    Promise.resolve({ expiresAt: now + 900_500 }),
  method = "GET",
): Promise<Response> {
  const token = new Secret("real");
  const source = {
    current: async () => ({ token, tokenType: "Bearer", ...await current() }),
  };
  const host = new URL("https://dbc.example/");
  const request = { method, headers: new Headers(headers) };
  return await answerMetadata(request, { host, source, clock: { now: () => now } });
}

Deno.test("the SDKs get a token with its expiry in whole seconds, and must not cache the response", async () => {
  const answer = await ask();
  equal(answer.status, 200);
  equal(answer.headers.get("cache-control"), "no-store");
  deepEqual(await answer.json(), {
    access_token: "real",
    token_type: "Bearer",
    expires_on: now / 1000 + 900,
  });
});

Deno.test("a token without an expiry expires in an hour", async () => {
  const { expires_on } = await (await ask(asked, () => Promise.resolve({}))).json();
  equal(expires_on, now / 1000 + 3600);
});

Deno.test("every spelling of the host is accepted", async () => {
  for (const host of ["https://dbc.example/", "HTTPS://DBC.example:443", "dbc.example"]) {
    equal((await ask({ ...asked, "x-databricks-host": host })).status, 200, host);
  }
});

Deno.test("another version, another host or no host is status 4xx without a token", async () => {
  const { "x-databricks-host": host } = asked;
  const wrong: Record<string, string>[] = [
    { "x-databricks-host": host },
    { ...asked, "x-databricks-metadata-version": "2" },
    { "x-databricks-metadata-version": "1" },
    { ...asked, "x-databricks-host": "https://other.example" },
    { ...asked, "x-databricks-host": "http://dbc.example" },
    { ...asked, "x-databricks-host": "https://dbc.example.evil.example" },
  ];
  for (const headers of wrong) {
    const answer = await ask(headers, () => Promise.reject(new Error("asked for a token")));
    equal(Math.floor(answer.status / 100), 4, JSON.stringify(headers));
    match((await answer.json()).message, /X-Databricks-(Metadata-Version|Host)/);
  }
  equal((await ask(asked, undefined, "POST")).status, 405);
});

Deno.test("the reason why there is no token has the form of Databricks' errors", async () => {
  const outcomes: [ErrorCode, number][] = [
    ["sign_in_again", 401],
    ["not_signed_in", 401],
    ["provider_unreachable", 503],
    ["store_locked", 503],
  ];
  for (const [code, status] of outcomes) {
    const answer = await ask(asked, () => Promise.reject(new FobError(code, "No token")));
    equal(answer.status, status, code);
    equal((await answer.json()).message, "No token");
  }
});
