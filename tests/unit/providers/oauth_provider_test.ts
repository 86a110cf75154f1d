import assert from "node:assert/strict";
import type { SignInPrompts } from "../../../src/oauth/grants/sign_in_prompts.ts";
import type { Authorization } from "../../../src/oauth/token_set.ts";
import { present } from "../../../src/present.ts";
import { oauthProvider } from "../../../src/providers/oauth_provider.ts";
import { oidc } from "../../../src/providers/oidc.ts";
import type { OAuthProvider } from "../../../src/providers/provider.ts";
import { Secret } from "../../../src/secret.ts";
import { failure, fakePrompts, held, noon, serve, type Served } from "../oauth/fixture.ts";

const signal = new AbortController().signal;

function provider(): OAuthProvider {
  return oauthProvider(oidc, { fetch: globalThis.fetch, now: () => noon, version: "1.2.3" });
}

interface Login extends Served {
  readonly forms: [path: string, form: URLSearchParams][];
}

/** An authorization server that is also the API: serves its metadata with `more`, and a token for any request. */
function login(
  more: object = {},
  headers: Record<string, string> = {},
  idToken: () => object = () => ({}),
): Login {
  const forms: Login["forms"] = [];
  const served: Served = serve(async (request, path) => {
    if (path === "/.well-known/oauth-authorization-server") {
      const endpoints = {
        authorization_endpoint: `${served.origin}/authorize`,
        token_endpoint: `${served.origin}/token`,
        revocation_endpoint: `${served.origin}/revoke`,
      };
      return Response.json({ issuer: served.origin, ...endpoints, ...more }, { headers });
    }
    if (path === "/.well-known/oauth-protected-resource") {
      return Response.json({ resource: served.origin, authorization_servers: [served.origin] });
    }
    if (path.startsWith("/.well-known")) return new Response("", { status: 404 });
    forms.push([path, new URLSearchParams(await request.text())]);
    const tokens = { access_token: "at-1", token_type: "Bearer", refresh_token: "rt-1" };
    return Response.json({ ...tokens, ...idToken() });
  });
  return { ...served, forms };
}

/** Prompts of a user who approves at once. Adds the parameters of each request to `asked`, each notice to `heard`. */
function approver(asked: URLSearchParams[] = [], heard: string[] = []): SignInPrompts {
  return fakePrompts({
    onUrl: ({ searchParams }) => {
      asked.push(searchParams);
      const state = searchParams.get("state");
      fetch(`${searchParams.get("redirect_uri")}?code=c1&state=${state}`)
        .then((response) => response.body?.cancel());
    },
    onText: (text) => heard.push(text),
  });
}

Deno.test("signIn returns everything that refresh and revoke need, and passes it to keep", async () => {
  await using server = login();
  const kept: Authorization[] = [];
  const target = { issuer: server.origin, clientId: "fob", clientSecret: new Secret("s3cret") };
  const keep = (it: Authorization) => Promise.resolve(void kept.push(it));
  const authorization = await provider().signIn(target, "browser", approver(), keep, signal);
  assert.equal(authorization.issuer, server.origin);
  assert.equal(authorization.clientId, "fob");
  assert.equal(authorization.clientSecret?.reveal(), "s3cret");
  assert.equal(authorization.tokens.refreshToken?.reveal(), "rt-1");
  assert.equal(authorization.resource, undefined);
  assert.deepEqual(kept, [authorization]);
});

Deno.test("find discovers the server and its clock without sending user data", async () => {
  const date = new Date(noon + 90_000).toUTCString();
  await using server = login({}, { date });
  const found = await provider().find({ host: server.origin, clientId: "fob" }, signal);
  assert.deepEqual(found, { issuer: server.origin, skew: 90 });
  assert.deepEqual(server.forms, []);
});

Deno.test("the resource of an API is stored and sent with each refresh", async () => {
  await using server = login();
  const target = { host: server.origin, clientId: "fob" };
  const authorization = await provider()
    .signIn(target, "browser", approver(), async () => {}, signal);
  assert.equal(authorization.resource, `${server.origin}`);
  await provider().refresh(authorization);
  const resources = server.forms.map(([, form]) => form.get("resource"));
  assert.deepEqual(resources, [server.origin, server.origin]);
});

/** The scopes in the metadata, the requested scopes, and the scopes that are sent. */
const scopeCases: [string[] | undefined, string[] | undefined, string | null][] = [
  [["openid", "email", "offline_access", "phone"], undefined, "openid email offline_access"],
  [["offline_access", "openid"], undefined, "openid offline_access"],
  [["read"], undefined, null],
  [undefined, undefined, null],
  [["openid"], ["read", "write"], "read write"],
];

for (const [offered, scopes, expected] of scopeCases) {
  const listed = offered?.join(" ") ?? "none";
  Deno.test(`with the supported scopes "${listed}" and the requested "${scopes}", signIn sends ${expected}`, async () => {
    await using server = login(present({ scopes_supported: offered }));
    const asked: URLSearchParams[] = [];
    const base = { issuer: server.origin, clientId: "fob" };
    const target = scopes === undefined ? base : { ...base, scopes };
    const grant = provider().signIn(target, "browser", approver(asked), async () => {}, signal);
    await grant.catch((error) => assert.match(String(error), /id_token/));
    assert.equal(asked[0]?.get("scope") ?? null, expected);
  });
}

Deno.test("signIn reports a clock difference and stores times by this computer's clock", async () => {
  const date = new Date(noon + 3_600_000).toUTCString();
  await using server = login({}, { date });
  const heard: string[] = [];
  const target = { issuer: server.origin, clientId: "fob" };
  const { tokens } = await provider()
    .signIn(target, "browser", approver([], heard), async () => {}, signal);
  assert.deepEqual(heard, [
    "This computer's clock is about 60 minutes behind the sign-in server's clock",
  ]);
  assert.equal(tokens.obtainedAt, noon);
});

/** A valid ID token. Its signature is not verified over TLS (OpenID Connect Core 3.1.3.7). */
function idTokenOf(claims: object): { id_token: string } {
  const part = (value: object): string =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({
      alphabet: "base64url",
      omitPadding: true,
    });
  return { id_token: `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmVk` };
}

Deno.test("an ID token is validated by the server's clock if this computer's is an hour ahead", async () => {
  const asked: URLSearchParams[] = [];
  const serverNow = Date.now() - 3_600_000;
  const iat = Math.floor(serverNow / 1000);
  const date = new Date(serverNow).toUTCString();
  await using server: Login = login({}, { date }, () => {
    const issued = { iss: server.origin, aud: "fob", iat, exp: iat + 600 };
    const nonce = asked[0]?.get("nonce");
    return idTokenOf({ ...issued, sub: "u1", email: "ada@example.com", nonce });
  });
  const fob = oauthProvider(oidc, { fetch: globalThis.fetch, now: Date.now });
  const target = { issuer: server.origin, clientId: "fob", scopes: ["openid"] };
  const { identity } = await fob
    .signIn(target, "browser", approver(asked), async () => {}, signal);
  assert.equal(identity, "ada@example.com");
});

Deno.test("signIn without a client, a host or an issuer is a usage error", async () => {
  const keep = async (): Promise<void> => {};
  const signIn = (target: object) => () =>
    provider().signIn(target, "device", fakePrompts(), keep, signal);
  const error = await failure("usage", signIn({ issuer: "https://login.example" }));
  assert.equal(error.message, '--client-id is required to sign in to "https://login.example"');
  await failure("usage", signIn({ clientId: "fob" }));
  await failure("usage", signIn({ clientId: "fob", issuer: "http://login.example" }));
  await failure("usage", signIn({ clientId: "fob", host: "https://ada:word@api.example" }));
});

Deno.test("refresh returns the new tokens and authenticates the client like signIn", async () => {
  await using server = login();
  const authorization = { issuer: server.origin, clientId: "fob", tokens: held };
  const tokens = await provider().refresh(authorization);
  assert.equal(tokens.accessToken.reveal(), "at-1");
  assert.equal(tokens.scope, held.scope);
  assert.deepEqual(server.forms.map(([path, form]) => [path, form.get("client_id")]), [
    ["/token", "fob"],
  ]);
});

Deno.test("refresh does not send the token to a server with another issuer", async () => {
  await using server = login({ issuer: "https://other.example" });
  const authorization = { issuer: server.origin, clientId: "fob", tokens: held };
  await failure("issuer_mismatch", () => provider().refresh(authorization));
  assert.deepEqual(server.forms, []);
});

Deno.test("revoke reports its outcome, also for an unreachable server", async () => {
  const server = login();
  const authorization = { issuer: server.origin, clientId: "fob", tokens: held };
  assert.deepEqual(await provider().revoke(authorization), { outcome: "revoked" });
  await server[Symbol.asyncDispose]();
  const gone = await provider().revoke(authorization);
  assert.deepEqual(gone, {
    outcome: "failed",
    reason: `Cannot reach "${server.origin}": the connection was refused`,
  });
});

Deno.test("a platform without metadata uses its documented endpoints, also for a refresh", async () => {
  await using server = login();
  const forge = {
    id: "forge",
    title: "Forge",
    host: "https://api.forge.example",
    clientId: "forge-cli",
    scopes: ["repo", "offline"],
    server: {
      issuer: `${server.origin}/oauth`,
      authorization_endpoint: `${server.origin}/authorize`,
      token_endpoint: `${server.origin}/token`,
    },
  };
  const fob = oauthProvider(forge, { fetch: globalThis.fetch, now: () => noon });
  const asked: URLSearchParams[] = [];
  const keep = (): Promise<void> => Promise.resolve();
  const authorization = await fob.signIn({}, "browser", approver(asked), keep, signal);
  assert.equal(authorization.issuer, `${server.origin}/oauth`);
  assert.equal(authorization.clientId, "forge-cli");
  assert.equal(asked[0]?.get("scope"), "repo offline");
  const tokens = await fob.refresh(authorization);
  assert.equal(tokens.accessToken.reveal(), "at-1");
  const grants = server.forms.map(([path, form]) => [path, form.get("grant_type")]);
  assert.deepEqual(grants, [["/token", "authorization_code"], ["/token", "refresh_token"]]);
});

Deno.test("the requested host and client take precedence over the platform's", async () => {
  await using server = login();
  const forge = {
    id: "forge",
    title: "Forge",
    host: "https://api.forge.example",
    clientId: "forge-cli",
    server: { issuer: "https://forge.example", token_endpoint: "https://forge.example/token" },
  };
  const fob = oauthProvider(forge, { fetch: globalThis.fetch, now: () => noon });
  const target = { host: server.origin, clientId: "mine" };
  const authorization = await fob.signIn(
    target,
    "browser",
    approver(),
    () => Promise.resolve(),
    signal,
  );
  assert.deepEqual([authorization.issuer, authorization.clientId], [server.origin, "mine"]);
});
