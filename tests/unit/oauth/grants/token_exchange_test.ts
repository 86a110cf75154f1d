import assert from "node:assert/strict";
import { type Client, openAnonymousClient, openClient } from "../../../../src/oauth/client.ts";
import { clientCredentialsGrant } from "../../../../src/oauth/grants/client_credentials.ts";
import { tokenExchangeGrant } from "../../../../src/oauth/grants/token_exchange.ts";
import { boundedFetch } from "../../../../src/oauth/http.ts";
import { discoverIssuer } from "../../../../src/oauth/metadata.ts";
import { Secret } from "../../../../src/secret.ts";
import { startAuthorizationServer } from "../../../fakes/servers/authorization_server.ts";
import { badTokenAnswers, clientAt, failure, noon, serve, serverAt } from "../fixture.ts";

const subjectToken = new Secret("head.private.signature");
const needs = { fetch: boundedFetch({ fetch: globalThis.fetch, timeLimit: 500 }), now: () => noon };
const exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
const jwt = "urn:ietf:params:oauth:token-type:jwt";

interface Sent {
  readonly form: Record<string, string>;
  readonly authorization: string | null;
}

/** The request to the token endpoint from the client that `open` creates. */
async function sentBy(
  open: (origin: string) => Client,
  more: object = {},
): Promise<Sent | undefined> {
  let sent: Sent | undefined;
  await using server = serve(async (request) => {
    const form = Object.fromEntries(new URLSearchParams(await request.text()));
    sent = { form, authorization: request.headers.get("authorization") };
    return Response.json({ access_token: "at-1", issued_token_type: jwt, token_type: "Bearer" });
  });
  await tokenExchangeGrant(open(server.origin), { subjectToken, scopes: ["all-apis"], ...more });
  return sent;
}

Deno.test("a token exchange returns a token with a lifetime from the request on", async () => {
  await using server = serve(() =>
    Response.json({
      access_token: "at-1",
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      token_type: "Bearer",
      expires_in: 3600,
      scope: "all-apis",
    })
  );
  const request = { subjectToken, scopes: ["all-apis"] };
  const { tokens, identity } = await tokenExchangeGrant(clientAt(server.origin), request);
  const { accessToken, ...rest } = tokens;
  assert.equal(accessToken.reveal(), "at-1");
  assert.deepEqual(rest, {
    tokenType: "Bearer",
    obtainedAt: noon,
    expiresAt: noon + 3_600_000,
    scope: "all-apis",
  });
  assert.equal(identity, undefined);
});

Deno.test("client credentials and token exchange work with a strict server", async () => {
  const server = await startAuthorizationServer();
  try {
    const found = await discoverIssuer(server.issuer, needs);
    const robot = { clientId: "robot", clientSecret: new Secret("robot-secret") };
    server.trust(subjectToken.reveal());
    const request = { subjectToken, scopes: ["all-apis"] };
    const all = [
      await clientCredentialsGrant(openClient(found, robot, needs), { scopes: ["all-apis"] }),
      await tokenExchangeGrant(openClient(found, { clientId: "fob" }, needs), request),
      await tokenExchangeGrant(openAnonymousClient(found, needs), request),
    ];
    for (const { tokens } of all) {
      assert.ok(server.isActive(tokens.accessToken.reveal()));
      assert.equal(tokens.refreshToken, undefined);
      assert.equal(tokens.scope, "all-apis");
    }
  } finally {
    await server.close();
  }
});

Deno.test("a public client sends its ID with the subject token", async () => {
  assert.deepEqual(await sentBy((origin) => clientAt(origin)), {
    form: {
      grant_type: exchange,
      client_id: "fob",
      scope: "all-apis",
      subject_token: "head.private.signature",
      subject_token_type: jwt,
    },
    authorization: null,
  });
});

Deno.test("an anonymous client sends no client ID", async () => {
  const anonymous = (origin: string) => openAnonymousClient(serverAt(origin), needs);
  assert.deepEqual(await sentBy(anonymous), {
    form: {
      grant_type: exchange,
      scope: "all-apis",
      subject_token: "head.private.signature",
      subject_token_type: jwt,
    },
    authorization: null,
  });
});

Deno.test("a confidential client sends its secret and the requested scopes, audience and resource", async () => {
  const credentials = { clientId: "robot", clientSecret: new Secret("s3cret") };
  const server = (origin: string) => ({ ...serverAt(origin), resource: "https://api.example" });
  const sent = await sentBy((origin) => openClient(server(origin), credentials, needs), {
    scopes: [],
    audience: "https://login.example",
  });
  assert.deepEqual(sent, {
    form: {
      grant_type: exchange,
      audience: "https://login.example",
      resource: "https://api.example",
      subject_token: "head.private.signature",
      subject_token_type: jwt,
    },
    authorization: `Basic ${btoa("robot:s3cret")}`,
  });
});

for (const [name, answer, code, says] of badTokenAnswers) {
  Deno.test(`a token exchange with the response ${name} is ${code}, and no token is shown`, async () => {
    await using server = serve(answer);
    const error = await failure(
      code,
      () => tokenExchangeGrant(clientAt(server.origin), { subjectToken, scopes: [] }),
    );
    assert.match(error.message, says);
    assert.doesNotMatch(Deno.inspect(error), /private/);
  });
}

Deno.test("an issued token of an unusable type is refused", async () => {
  await using server = serve(() =>
    Response.json({ access_token: "private", issued_token_type: jwt, token_type: "N_A" })
  );
  const error = await failure(
    "provider_answer_invalid",
    () => tokenExchangeGrant(clientAt(server.origin), { subjectToken, scopes: [] }),
  );
  assert.doesNotMatch(Deno.inspect(error), /private/);
});

Deno.test("a subject token that the server repeats is removed from the error", async () => {
  const description = "Token head.private.signature has no policy";
  await using server = serve(() =>
    Response.json({ error: "invalid_grant", error_description: description }, { status: 400 })
  );
  const error = await failure(
    "provider_refused",
    () => tokenExchangeGrant(clientAt(server.origin), { subjectToken, scopes: [] }),
  );
  assert.deepEqual(error.facts, {
    error: "invalid_grant",
    reason: "Token [secret] has no policy",
  });
  assert.doesNotMatch(Deno.inspect(error), /private/);
});

Deno.test("an unreachable server is provider_unreachable, and no token is shown", async () => {
  const server = serve(() => new Response());
  await server[Symbol.asyncDispose]();
  const error = await failure(
    "provider_unreachable",
    () => tokenExchangeGrant(clientAt(server.origin), { subjectToken, scopes: [] }),
  );
  assert.doesNotMatch(Deno.inspect(error), /private/);
});
