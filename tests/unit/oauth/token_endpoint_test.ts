import assert from "node:assert/strict";
import fc from "fast-check";
import { refreshTokens, tokenSet } from "../../../src/oauth/token_endpoint.ts";
import { badTokenAnswers, bearer, clientAt, failure, held, noon, serve } from "./fixture.ts";

/** A request that took 200 ms. */
const atNoon = { askedAt: noon, answeredAt: noon + 200 };

Deno.test("the lifetime becomes a time by this computer's clock", () => {
  assert.equal(tokenSet({ ...bearer, expires_in: 3600 }, atNoon).expiresAt, noon + 3_600_000);
  assert.equal("expiresAt" in tokenSet(bearer, atNoon), false);
});

Deno.test("for any lifetime, the expiry is an integer that a Date can hold", () => {
  fc.assert(fc.property(fc.double({ min: 0, noNaN: true }), (expires_in) => {
    const { expiresAt } = tokenSet({ ...bearer, expires_in }, atNoon);
    assert.ok(expiresAt !== undefined && expiresAt >= noon && Number.isInteger(expiresAt));
    assert.ok(!Number.isNaN(new Date(expiresAt).getTime()));
  }));
});

Deno.test("a refresh replaces what the response contains and keeps the rest", () => {
  const kept = tokenSet(bearer, atNoon, held);
  assert.equal(kept.refreshToken?.reveal(), "rt-0");
  assert.equal(kept.scope, "openid email");
  const given = tokenSet({ ...bearer, refresh_token: "rt-1", scope: "email" }, atNoon, held);
  assert.equal(given.refreshToken?.reveal(), "rt-1");
  assert.equal(given.scope, "email");
});

Deno.test("the token type is spelled as in the Authorization header", () => {
  assert.equal(tokenSet(bearer, atNoon).tokenType, "Bearer");
  assert.equal(tokenSet({ ...bearer, token_type: "dpop" }, atNoon).tokenType, "DPoP");
});

Deno.test("a refresh sends the given refresh token", async () => {
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

Deno.test("a refused refresh token is sign_in_again with the server's reason, without control characters", async () => {
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

Deno.test("an ended grant is sign_in_again, whichever error code the server uses", async () => {
  for (const code of ["invalid_grant", "bad_refresh_token"]) {
    await using server = serve(() => Response.json({ error: code }));
    const error = await failure(
      "sign_in_again",
      () => refreshTokens(clientAt(server.origin), held),
    );
    assert.deepEqual(error.facts, { error: code, reason: code });
  }
});

Deno.test("scopes are separated by spaces, even if the server uses commas", () => {
  const scopes = { "repo,gist": "repo gist", "a b,c": "a b,c", "openid": "openid", "": "" };
  for (const [scope, held] of Object.entries(scopes)) {
    assert.equal(tokenSet({ ...bearer, scope }, atNoon).scope, held);
  }
});

Deno.test("a refresh token that the server repeats is removed from the error", async () => {
  await using server = serve(() =>
    Response.json({ error: "invalid_grant", error_description: "rt-0 was used" }, { status: 400 })
  );
  const error = await failure(
    "sign_in_again",
    () => refreshTokens(clientAt(server.origin), held),
  );
  assert.equal(error.facts.reason, "[secret] was used");
  assert.doesNotMatch(Deno.inspect(error), /rt-0/);
});

Deno.test("without a refresh token no request is sent", async () => {
  const { refreshToken: _, ...tokens } = held;
  const client = clientAt("http://127.0.0.1:9");
  await failure("sign_in_again", () => refreshTokens(client, tokens));
});

for (const [name, answer, code, says] of badTokenAnswers) {
  Deno.test(`a token endpoint returning ${name} is ${code}, and no token is shown`, async () => {
    await using server = serve(answer);
    const error = await failure(code, () => refreshTokens(clientAt(server.origin), held));
    assert.match(error.message, says);
    assert.doesNotMatch(Deno.inspect(error), /private|rt-0/);
  });
}

Deno.test("a token endpoint that does not respond is provider_unreachable", async () => {
  await using server = serve(() => new Promise<never>(() => {}));
  const error = await failure(
    "provider_unreachable",
    () => refreshTokens(clientAt(server.origin), held),
  );
  assert.match(error.message, /timed out after 0.5 seconds$/);
});

Deno.test("a token's lifetime counts from the request, its age from the response", () => {
  const { expiresAt, obtainedAt } = tokenSet({ ...bearer, expires_in: 60 }, atNoon);
  assert.deepEqual({ expiresAt, obtainedAt }, { expiresAt: noon + 60_000, obtainedAt: noon + 200 });
});
