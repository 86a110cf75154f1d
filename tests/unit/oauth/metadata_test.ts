import assert from "node:assert/strict";
import { boundedFetch } from "../../../src/oauth/http.ts";
import {
  discoverAt,
  discoverFromHost,
  discoverIssuer,
  type Lookup,
} from "../../../src/oauth/metadata.ts";
import { failure, noon, serve, type Served } from "./fixture.ts";

const openid = "/.well-known/openid-configuration";
const oauth2 = "/.well-known/oauth-authorization-server";
const protectedResource = "/.well-known/oauth-protected-resource";

const lookup: Lookup = { fetch: boundedFetch({ fetch: globalThis.fetch }), now: () => noon };

/** Serves JSON by path; a value may be a function of the server's origin. */
function documents(byPath: Record<string, (origin: string) => object | Response>): Served {
  const served: Served = serve((_, path) => {
    const found = byPath[path]?.(served.origin) ?? new Response("none", { status: 404 });
    return found instanceof Response ? found : Response.json(found);
  });
  return served;
}

function metadata(issuer: string, more: object = {}): object {
  return { issuer, token_endpoint: `${issuer}/token`, ...more };
}

Deno.test("an OpenID provider is found by its issuer", async () => {
  await using server = documents({ [openid]: (origin) => metadata(origin) });
  const found = await discoverIssuer(server.origin, lookup);
  assert.equal(found.metadata.issuer, server.origin);
  assert.equal(found.openid, true);
  assert.equal(found.resource, undefined);
});

Deno.test("a server with only RFC 8414 metadata is found, and is not an OpenID provider", async () => {
  await using server = documents({ [oauth2]: (origin) => metadata(origin) });
  const found = await discoverIssuer(server.origin, lookup);
  assert.equal(found.metadata.token_endpoint, `${server.origin}/token`);
  assert.equal(found.openid, false);
});

Deno.test("the documents of an issuer with a path are read where each standard puts them", async () => {
  await using server = documents({
    [`/realm${openid}`]: (origin) => metadata(`${origin}/realm`),
    [`${oauth2}/other`]: (origin) => metadata(`${origin}/other`),
  });
  for (const path of ["/realm", "/other"]) {
    const found = await discoverIssuer(`${server.origin}${path}`, lookup);
    assert.equal(found.metadata.issuer, `${server.origin}${path}`);
  }
});

/** A location that some platforms use instead of the one in RFC 8414 section 3.1. */
const appended = "/oidc/.well-known/oauth-authorization-server";

Deno.test("metadata at a custom URL are read only from there", async () => {
  const asked: string[] = [];
  await using server = serve((request, path) => {
    asked.push(`${request.method} ${path} ${request.headers.get("accept")}`);
    return Response.json(metadata(`${new URL(request.url).origin}/oidc`));
  });
  const issuer = `${server.origin}/oidc`;
  const found = await discoverAt(`${server.origin}${appended}`, issuer, lookup);
  assert.equal(found.metadata.issuer, issuer);
  assert.equal(found.metadata.token_endpoint, `${issuer}/token`);
  assert.equal(found.openid, false);
  assert.deepEqual(asked, [`GET ${appended} application/json`]);
});

/** The response of a custom metadata URL, the expected error code and the message. */
const badMetadata: [string, (origin: string) => object | Response, string, RegExp][] = [
  [
    "another issuer's",
    () => metadata("https://other.example/oidc"),
    "issuer_mismatch",
    /another issuer: "https:\/\/other\.example\/oidc"$/,
  ],
  [
    "the issuer's without its path",
    (origin) => metadata(origin),
    "issuer_mismatch",
    /\/oidc" names another issuer: "http:\/\/127\.0\.0\.1:\d+"$/,
  ],
  [
    "nothing",
    () => new Response("none", { status: 404 }),
    "provider_answer_invalid",
    /: tried the RFC 8414 metadata \(HTTP 404\)$/,
  ],
  [
    "a redirect",
    () => new Response(null, { status: 302, headers: { location: "/login" } }),
    "provider_answer_invalid",
    /: tried the RFC 8414 metadata \(HTTP 302\)$/,
  ],
  [
    "HTML",
    () => new Response("<p>", { headers: { "content-type": "text/html" } }),
    "provider_answer_invalid",
    /"text\/html", not JSON\)$/,
  ],
  ["500", () => new Response("", { status: 500 }), "provider_unreachable", /\(HTTP 500\)$/],
  [
    "no token endpoint",
    (origin) => ({ issuer: `${origin}/oidc` }),
    "provider_answer_invalid",
    /has no token_endpoint$/,
  ],
  [
    "an insecure endpoint",
    (origin) => metadata(`${origin}/oidc`, { authorization_endpoint: "http://example.com/a" }),
    "provider_answer_invalid",
    /^The authorization_endpoint "http:\/\/example.com\/a" of /,
  ],
];

for (const [name, answer, code, says] of badMetadata) {
  Deno.test(`a custom metadata URL that returns ${name} is ${code}`, async () => {
    await using server = documents({ [appended]: answer });
    const error = await failure(
      code,
      () => discoverAt(`${server.origin}${appended}`, `${server.origin}/oidc`, lookup),
    );
    assert.match(error.message, says);
  });
}

Deno.test("metadata of another issuer is refused with both names", async () => {
  await using server = documents({ [openid]: () => metadata("https://other.example") });
  const error = await failure("issuer_mismatch", () => discoverIssuer(server.origin, lookup));
  assert.equal(
    error.message,
    `The metadata of "${server.origin}/" names another issuer: "https://other.example"`,
  );
});

Deno.test("an insecure endpoint in the metadata is refused, even if it is used later", async () => {
  const insecure = { revocation_endpoint: "http://example.com/revoke" };
  await using server = documents({ [openid]: (origin) => metadata(origin, insecure) });
  const error = await failure(
    "provider_answer_invalid",
    () => discoverIssuer(server.origin, lookup),
  );
  assert.match(error.message, /^The revocation_endpoint "http:\/\/example.com\/revoke" of /);
});

Deno.test("metadata without a token endpoint is refused", async () => {
  await using server = documents({ [openid]: (origin) => ({ issuer: origin }) });
  const error = await failure(
    "provider_answer_invalid",
    () => discoverIssuer(server.origin, lookup),
  );
  assert.equal(error.message, `The metadata of "${server.origin}/" has no token_endpoint`);
});

Deno.test("the error lists every location that was tried, with the result", async () => {
  await using server = documents({
    [openid]: () => new Response("<p>", { headers: { "content-type": "text/html" } }),
    [oauth2]: () => ({ issuer: 7 }),
  });
  const error = await failure(
    "provider_answer_invalid",
    () => discoverIssuer(server.origin, lookup),
  );
  assert.match(
    error.message,
    /^Cannot find the authorization server of "http:.*": tried the OpenID/,
  );
  assert.match(error.message, /configuration \("text\/html", not JSON\), the RFC 8414 metadata \(/);
});

Deno.test("a server that is down is provider_unreachable, not without metadata", async () => {
  await using server = serve(() => new Response("", { status: 503 }));
  const error = await failure("provider_unreachable", () => discoverIssuer(server.origin, lookup));
  assert.match(error.message, /HTTP 503/);
});

Deno.test("the RFC 9728 metadata of an API are read first, and the API becomes the resource", async () => {
  await using login = documents({ [openid]: (origin) => metadata(origin) });
  await using api = documents({
    [`${protectedResource}/v1`]: (origin) => ({
      resource: `${origin}/v1`,
      authorization_servers: [login.origin, "https://other.example"],
    }),
  });
  const found = await discoverFromHost(`${api.origin}/v1`, lookup);
  assert.equal(found.metadata.issuer, login.origin);
  assert.equal(found.resource, `${api.origin}/v1`);
});

Deno.test("RFC 9728 metadata of another resource is refused", async () => {
  await using login = documents({ [openid]: (origin) => metadata(origin) });
  await using api = documents({
    [protectedResource]: () => ({
      resource: "https://bank.example",
      authorization_servers: [login.origin],
    }),
  });
  const error = await failure(
    "provider_answer_invalid",
    () => discoverFromHost(api.origin, lookup),
  );
  assert.match(error.message, /the RFC 9728 metadata \(/);
});

Deno.test("an API that is its own authorization server is found, RFC 8414 first", async () => {
  await using server = documents({
    [oauth2]: (origin) => metadata(origin, { scopes_supported: ["openid"] }),
    [openid]: (origin) => metadata(origin, { token_endpoint: `${origin}/not-this` }),
  });
  const found = await discoverFromHost(server.origin, lookup);
  assert.equal(found.metadata.token_endpoint, `${server.origin}/token`);
  assert.equal(found.openid, true);
  assert.equal(found.resource, undefined);
});

Deno.test("the error for a host without metadata names all three documents", async () => {
  await using server = documents({});
  const error = await failure(
    "provider_answer_invalid",
    () => discoverFromHost(server.origin, lookup),
  );
  assert.equal(
    error.message,
    `Cannot find the authorization server of "${server.origin}/": tried the RFC 9728 metadata ` +
      "(HTTP 404), the RFC 8414 metadata (HTTP 404), the OpenID configuration (HTTP 404)",
  );
});

Deno.test("the clock skew is read from the Date header", async () => {
  await using server = serve((request) =>
    Response.json(metadata(new URL(request.url).origin), {
      headers: { date: new Date(noon + 3_600_000).toUTCString() },
    })
  );
  assert.equal((await discoverIssuer(server.origin, lookup)).skew, 3600);
});

Deno.test("no request is sent to an insecure URL", async () => {
  await failure("usage", () => discoverIssuer("http://example.com", lookup));
  await failure("usage", () => discoverAt("http://example.com/x", "https://example.com", lookup));
  await failure("usage", () => discoverAt("https://example.com/x", "http://example.com", lookup));
  await failure("usage", () => discoverFromHost("https://ada:word@example.com", lookup));
});
