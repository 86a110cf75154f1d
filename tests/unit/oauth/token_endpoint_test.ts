import assert from "node:assert/strict";
import fc from "fast-check";
import { refreshTokens, tokenSet } from "../../../src/oauth/token_endpoint.ts";
import { clientAt, failure, held, noon, serve } from "./fixture.ts";

const bearer = { access_token: "at-1", token_type: "bearer" } as const;

/** A request that took a while. */
const atNoon = { askedAt: noon, answeredAt: noon + 200 };

Deno.test("the lifetime becomes a moment, by this computer's clock", () => {
  assert.equal(tokenSet({ ...bearer, expires_in: 3600 }, atNoon).expiresAt, noon + 3_600_000);
  assert.equal("expiresAt" in tokenSet(bearer, atNoon), false);
});

Deno.test("whatever the lifetime, the moment is a whole one that a Date can hold", () => {
  fc.assert(fc.property(fc.double({ min: 0, noNaN: true }), (expires_in) => {
    const { expiresAt } = tokenSet({ ...bearer, expires_in }, atNoon);
    assert.ok(expiresAt !== undefined && expiresAt >= noon && Number.isInteger(expiresAt));
    assert.ok(!Number.isNaN(new Date(expiresAt).getTime()));
  }));
});

Deno.test("what a refresh leaves out stays as it was, what it gives replaces it", () => {
  const kept = tokenSet(bearer, atNoon, held);
  assert.equal(kept.refreshToken?.reveal(), "rt-0");
  assert.equal(kept.scope, "openid email");
  const given = tokenSet({ ...bearer, refresh_token: "rt-1", scope: "email" }, atNoon, held);
  assert.equal(given.refreshToken?.reveal(), "rt-1");
  assert.equal(given.scope, "email");
});

Deno.test("the token type is spelt as headers spell it", () => {
  assert.equal(tokenSet(bearer, atNoon).tokenType, "Bearer");
  assert.equal(tokenSet({ ...bearer, token_type: "dpop" }, atNoon).tokenType, "DPoP");
});

Deno.test("a refresh spends the token that it was given", async () => {
  const forms: URLSearchParams[] = [];
  await using server = serve(async (request) => {
    forms.push(new URLSearchParams(await request.text()));
    return Response.json({ ...bearer, refresh_token: "rt-1", expires_in: 60 });
  });
  const client = { ...clientAt(server.origin), resource: "https://api.example" };
  const tokens = await refreshTokens(client, held);
  assert.equal(tokens.accessToken.reveal(), "at-1");
  assert.equal(tokens.expiresAt, noon + 60_000);
  assert.deepEqual(forms.map((form) => Object.fromEntries(form)), [{
    client_id: "fob",
    grant_type: "refresh_token",
    refresh_token: "rt-0",
    resource: "https://api.example",
  }]);
});

Deno.test("a refused grant is a sign-in to do again, with the server's reason cleaned", async () => {
  await using server = serve(() =>
    Response.json({ error: "invalid_grant", error_description: "revoked\x1b[2J\n now" }, {
      status: 400,
    })
  );
  const error = await failure(
    "sign_in_again",
    () => refreshTokens(clientAt(server.origin), held),
  );
  assert.deepEqual(error.facts, { error: "invalid_grant", reason: "revoked [2J now" });
  assert.equal(
    error.message,
    `The token endpoint of "${server.origin}" answered "invalid_grant": "revoked [2J now"`,
  );
});

Deno.test("a grant that has ended is told as that, however the server spells it", async () => {
  for (const code of ["invalid_grant", "bad_refresh_token"]) {
    await using server = serve(() => Response.json({ error: code }));
    const error = await failure(
      "sign_in_again",
      () => refreshTokens(clientAt(server.origin), held),
    );
    assert.deepEqual(error.facts, { error: code, reason: code });
  }
});

Deno.test("scopes are separated by spaces, also where the server uses commas", () => {
  const scopes = { "repo,gist": "repo gist", "a b,c": "a b,c", "openid": "openid", "": "" };
  for (const [scope, held] of Object.entries(scopes)) {
    assert.equal(tokenSet({ ...bearer, scope }, atNoon).scope, held);
  }
});

Deno.test("without a refresh token nobody is asked", async () => {
  const { refreshToken: _, ...tokens } = held;
  const client = clientAt("http://127.0.0.1:9");
  await failure("sign_in_again", () => refreshTokens(client, tokens));
});

const html = { "content-type": "text/html; charset=utf-8" };
const json = { "content-type": "application/json" };
const challenge = { ...json, "www-authenticate": 'Basic realm="x"' };
const refusal = '{"error":"invalid_client"}';

/** What the token endpoint answers, the code that follows and what the message says after "answered". */
const badAnswers: [string, () => Response, string, RegExp][] = [
  [
    "HTML",
    () => new Response("<p>hi", { headers: html }),
    "provider_answer_invalid",
    /HTTP 200 with "text\/html", not JSON$/,
  ],
  [
    "HTML and 404",
    () => new Response("<p>", { status: 404, headers: html }),
    "provider_answer_invalid",
    /HTTP 404 with "text\/html", not JSON$/,
  ],
  ["500", () => new Response("x", { status: 500 }), "provider_unreachable", /HTTP 500$/],
  ["429", () => new Response("x", { status: 429 }), "provider_unreachable", /HTTP 429$/],
  [
    "503 with an OAuth error",
    () => new Response('{"error":"invalid_grant"}', { status: 503, headers: json }),
    "provider_unreachable",
    /HTTP 503$/,
  ],
  [
    "an empty body",
    () => new Response("", { headers: json }),
    "provider_answer_invalid",
    /HTTP 200 with an empty body$/,
  ],
  [
    "10 MB",
    () => new Response(new Uint8Array(10_000_000)),
    "provider_answer_invalid",
    /with more than 1 MiB$/,
  ],
  [
    "a redirect",
    () => new Response(null, { status: 302, headers: { location: "/x" } }),
    "provider_answer_invalid",
    /HTTP 302 with an empty body$/,
  ],
  [
    "half of a JSON text",
    () => new Response('{"access_token":"at-', { headers: json }),
    "provider_answer_invalid",
    /HTTP 200 with "application\/json", not JSON$/,
  ],
  [
    "a JSON list",
    () => Response.json([1]),
    "provider_answer_invalid",
    /must be a top level object$/,
  ],
  [
    "no token",
    () => Response.json({ token_type: "bearer" }),
    "provider_answer_invalid",
    /access_token/,
  ],
  [
    "an unknown token type",
    () => Response.json({ access_token: "private", token_type: "mac" }),
    "provider_answer_invalid",
    /`token_type`/,
  ],
  [
    "a negative lifetime",
    () => Response.json({ ...bearer, access_token: "private", expires_in: -1 }),
    "provider_answer_invalid",
    /expires_in/,
  ],
  [
    "a lifetime that is no number",
    () => Response.json({ ...bearer, access_token: "private", expires_in: "soon" }),
    "provider_answer_invalid",
    /expires_in/,
  ],
  [
    "a refused client",
    () => new Response(refusal, { status: 401, headers: challenge }),
    "provider_refused",
    /answered "invalid_client"$/,
  ],
  [
    "an error with HTTP 200",
    () => Response.json({ error: "invalid_client", error_description: "no\x1b[2J\nsuch" }),
    "provider_refused",
    /answered "invalid_client": "no \[2J such"$/,
  ],
  [
    "an error that is no word, with HTTP 200",
    () => Response.json({ error: { code: 7 } }),
    "provider_answer_invalid",
    /access_token/,
  ],
  [
    "an error without a name",
    () => Response.json({ error: "" }, { status: 400 }),
    "provider_answer_invalid",
    /HTTP 400 without an error code$/,
  ],
  [
    "an error without a code",
    () => Response.json({ message: "no" }, { status: 400 }),
    "provider_answer_invalid",
    /HTTP 400 without an error code$/,
  ],
];

for (const [name, answer, code, says] of badAnswers) {
  Deno.test(`a token endpoint that answers ${name} is ${code}, and no token is shown`, async () => {
    await using server = serve(answer);
    const error = await failure(code, () => refreshTokens(clientAt(server.origin), held));
    assert.match(error.message, says);
    assert.doesNotMatch(Deno.inspect(error), /private|rt-0/);
  });
}

Deno.test("a token endpoint that answers nothing is unreachable", async () => {
  await using server = serve(() => new Promise<never>(() => {}));
  const error = await failure(
    "provider_unreachable",
    () => refreshTokens(clientAt(server.origin), held),
  );
  assert.match(error.message, /no answer in 0.5 seconds$/);
});

Deno.test("a token's life is counted from the question, its age from the answer", () => {
  const { expiresAt, obtainedAt } = tokenSet({ ...bearer, expires_in: 60 }, atNoon);
  assert.deepEqual({ expiresAt, obtainedAt }, { expiresAt: noon + 60_000, obtainedAt: noon + 200 });
});
