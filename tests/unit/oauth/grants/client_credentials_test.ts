import assert from "node:assert/strict";
import { openClient } from "../../../../src/oauth/client.ts";
import type { Client } from "../../../../src/oauth/client.ts";
import { clientCredentialsGrant } from "../../../../src/oauth/grants/client_credentials.ts";
import { boundedFetch } from "../../../../src/oauth/http.ts";
import { present } from "../../../../src/present.ts";
import { Secret } from "../../../../src/secret.ts";
import { badTokenAnswers, failure, noon, serve, serverAt } from "../fixture.ts";

const clientId = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
const clientSecret = new Secret("dose-private");

function robotAt(origin: string, resource?: string): Client {
  const needs = {
    fetch: boundedFetch({ fetch: globalThis.fetch, timeLimit: 500 }),
    now: () => noon,
  };
  const server = { ...serverAt(origin), ...present({ resource }) };
  return openClient(server, { clientId, clientSecret }, needs);
}

Deno.test("client credentials are sent only in the header", async () => {
  const sent: unknown[] = [];
  await using server = serve(async (request, path) => {
    const form = Object.fromEntries(new URLSearchParams(await request.text()));
    sent.push(request.method, path, request.headers.get("authorization"), form);
    return Response.json({
      access_token: "at-1",
      token_type: "Bearer",
      scope: "all-apis",
      expires_in: "3600",
    });
  });
  const granted = await clientCredentialsGrant(robotAt(server.origin), { scopes: ["all-apis"] });
  assert.deepEqual(sent, [
    "POST",
    "/token",
    `Basic ${btoa(`${clientId}:dose-private`)}`,
    { grant_type: "client_credentials", scope: "all-apis" },
  ]);
  const { accessToken, ...tokens } = granted.tokens;
  assert.equal(accessToken.reveal(), "at-1");
  assert.deepEqual(tokens, {
    tokenType: "Bearer",
    obtainedAt: noon,
    expiresAt: noon + 3_600_000,
    scope: "all-apis",
  });
  assert.equal(granted.identity, undefined);
});

Deno.test("audience and resource are sent if given", async () => {
  const forms: object[] = [];
  await using server = serve(async (request) => {
    forms.push(Object.fromEntries(new URLSearchParams(await request.text())));
    return Response.json({ access_token: "at-1", token_type: "Bearer" });
  });
  await clientCredentialsGrant(robotAt(server.origin), { scopes: [], audience: "astronomer-ee" });
  await clientCredentialsGrant(robotAt(server.origin, "https://api.example"), {
    scopes: ["a", "b"],
  });
  assert.deepEqual(forms, [
    { grant_type: "client_credentials", audience: "astronomer-ee" },
    { grant_type: "client_credentials", scope: "a b", resource: "https://api.example" },
  ]);
});

for (const [name, answer, code, says] of badTokenAnswers) {
  Deno.test(`client credentials with the response ${name} are ${code}, and no secret is shown`, async () => {
    await using server = serve(answer);
    const error = await failure(
      code,
      () => clientCredentialsGrant(robotAt(server.origin), { scopes: [] }),
    );
    assert.match(error.message, says);
    assert.doesNotMatch(Deno.inspect(error), /private/);
  });
}

Deno.test("a secret that the server repeats is removed from the error, however it is escaped", async () => {
  for (const written of ["dose-private", "dose\\u002dprivate"]) {
    const body = `{"error":"invalid_client","error_description":"${written} is not known"}`;
    await using server = serve(() => new Response(body, { status: 401 }));
    const error = await failure(
      "provider_refused",
      () => clientCredentialsGrant(robotAt(server.origin), { scopes: [] }),
    );
    assert.match(error.message, /answered "invalid_client": "\[secret\] is not known"$/);
    assert.doesNotMatch(Deno.inspect(error), /private/);
  }
});

Deno.test("an unreachable server is provider_unreachable", async () => {
  const server = serve(() => new Response());
  await server[Symbol.asyncDispose]();
  const error = await failure(
    "provider_unreachable",
    () => clientCredentialsGrant(robotAt(server.origin), { scopes: [] }),
  );
  assert.doesNotMatch(Deno.inspect(error), /private/);
});
