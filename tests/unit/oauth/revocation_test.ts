import assert from "node:assert/strict";
import { revokeTokens } from "../../../src/oauth/revocation.ts";
import { clientAt, held, serve } from "./fixture.ts";

Deno.test("the refresh token is revoked first, then the access token", async () => {
  const revoked: string[] = [];
  await using server = serve(async (request) => {
    const form = new URLSearchParams(await request.text());
    revoked.push(`${form.get("token_type_hint")} ${form.get("token")}`);
    return new Response();
  });
  assert.deepEqual(await revokeTokens(clientAt(server.origin), held), { outcome: "revoked" });
  assert.deepEqual(revoked, ["refresh_token rt-0", "access_token at-0"]);
});

Deno.test("a grant without a refresh token has its access token revoked", async () => {
  const { refreshToken: _, ...tokens } = held;
  let requests = 0;
  await using server = serve(() => (requests++, new Response()));
  assert.deepEqual(await revokeTokens(clientAt(server.origin), tokens), { outcome: "revoked" });
  assert.equal(requests, 1);
});

Deno.test("a server without the endpoint is unsupported, and gets no request", async () => {
  const client = clientAt("http://127.0.0.1:9", { revocation_endpoint: undefined });
  assert.deepEqual(await revokeTokens(client, held), { outcome: "unsupported" });
});

Deno.test("a refusal is a failure with the server's reason, and the access token is not revoked", async () => {
  let requests = 0;
  await using server = serve(() => {
    requests++;
    return Response.json({ error: "unsupported_token_type" }, { status: 400 });
  });
  assert.deepEqual(await revokeTokens(clientAt(server.origin), held), {
    outcome: "failed",
    reason: `The revocation endpoint of "${server.origin}" answered "unsupported_token_type"`,
  });
  assert.equal(requests, 1);
});

Deno.test("a partial revocation is reported as partial", async () => {
  let requests = 0;
  await using server = serve(() => new Response("", { status: requests++ === 0 ? 200 : 503 }));
  assert.deepEqual(await revokeTokens(clientAt(server.origin), held), {
    outcome: "failed",
    reason: "The refresh token was revoked, but the access token was not: " +
      `The revocation endpoint of "${server.origin}" answered HTTP 503`,
  });
});

Deno.test("a server that cannot be reached is a failure, not an exception", async () => {
  const server = serve(() => new Response());
  await server[Symbol.asyncDispose]();
  const result = await revokeTokens(clientAt(server.origin), held);
  assert.ok(result.outcome === "failed" && result.reason.startsWith("Cannot reach "));
});
