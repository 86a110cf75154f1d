import { present } from "../../../src/present.ts";
import { answerAuthorization, answerForm, done, Refusal } from "../machine/refusal.ts";
import { clientId, type Grants } from "./grants.ts";
import type { IdTokenSigner } from "./id_token.ts";
import type { Answer } from "./loopback_server.ts";
import { answerCaller } from "./protected_resource.ts";

export const endpoints = [
  "metadata",
  "resource_metadata",
  "jwks",
  "authorize",
  "token",
  "device_authorization",
  "device",
  "revoke",
  "api",
] as const;

export type Endpoint = typeof endpoints[number];

/** The state that the endpoints use. */
export interface ServerState {
  readonly issuer: string;
  /** The issuer in the metadata. */
  readonly claimedIssuer: string;
  readonly grants: Grants;
  readonly signer: IdTokenSigner;
  /** Milliseconds since the epoch, by the server's clock. */
  now(): number;
  isAbsent(endpoint: Endpoint): boolean;
  onToken(stage: "received" | "spent", grant: string): Promise<void>;
  /** Waits for the configured delay of the token endpoint. */
  holdToken(): Promise<void>;
}

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";

const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";

/** The user who signs in. */
const person = { sub: "ada", name: "ada", email: "ada@example.com" };

export function endpointAt(path: string): Endpoint | undefined {
  if (path === "/.well-known/openid-configuration") return "metadata";
  if (path === "/.well-known/oauth-authorization-server") return "metadata";
  if (/^\/\.well-known\/oauth-protected-resource(\/api)?$/.test(path)) return "resource_metadata";
  if (/^\/api(\/|$)/.test(path)) return "api";
  const plain = ["jwks", "authorize", "token", "device_authorization", "device", "revoke"] as const;
  return plain.find((name) => path === `/${name}`);
}

export function answerAt(
  endpoint: Endpoint,
  request: Request,
  state: ServerState,
): Promise<Answer> | Answer {
  switch (endpoint) {
    case "metadata":
      return done(Response.json(metadata(state)));
    case "resource_metadata":
      return done(Response.json(resourceMetadata(new URL(request.url), state.issuer)));
    case "jwks":
      return state.signer.keySet().then((keys) => done(Response.json(keys)));
    case "authorize":
      return authorize(new URL(request.url).searchParams, state);
    case "token":
      return token(request, state);
    case "device_authorization":
      return answerForm(request, (sent) => startDevice(sent, state));
    case "device":
      return done(new Response("Enter the code here"));
    case "revoke":
      return answerForm(request, (sent) => revoke(sent, state));
    case "api":
      return api(request, state);
  }
}

/** RFC 8414 section 2 and OpenID Connect Discovery section 3: the same document for both. */
function metadata(state: ServerState): Record<string, unknown> {
  const { issuer } = state;
  const optional = [
    ["device_authorization_endpoint", "device_authorization"],
    ["revocation_endpoint", "revoke"],
  ] as const;
  const offered = optional.filter(([, endpoint]) => !state.isAbsent(endpoint));
  return {
    issuer: state.claimedIssuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    ...Object.fromEntries(offered.map(([key, endpoint]) => [key, `${issuer}/${endpoint}`])),
    scopes_supported: ["openid", "email", "offline_access"],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: [
      "authorization_code",
      "refresh_token",
      "client_credentials",
      deviceGrant,
      exchangeGrant,
    ],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
    token_endpoint_auth_methods_supported: ["none", "client_secret_basic"],
    revocation_endpoint_auth_methods_supported: ["none"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  };
}

/** RFC 9728 section 3: the resource is the URL without its well-known part. */
function resourceMetadata(url: URL, issuer: string): Record<string, unknown> {
  const resource = issuer + (url.pathname.endsWith("/api") ? "/api" : "");
  return { resource, authorization_servers: [issuer], bearer_methods_supported: ["header"] };
}

/** A wrong client or redirect gets no redirect, RFC 6749 section 4.1.2.1. */
function authorize(request: URLSearchParams, state: ServerState): Answer {
  const redirect = request.get("redirect_uri") ?? "";
  if (request.get("client_id") !== clientId || !isLoopback(redirect)) {
    return done(new Response("Unknown client or redirect", { status: 400 }));
  }
  return answerAuthorization(request, state.issuer, () => {
    requireResource(request, state.issuer);
    return state.grants.authorize(request);
  });
}

/** RFC 8707 section 2: accepts only the resources of this server, spelled as in its metadata. */
function requireResource(request: URLSearchParams, issuer: string): void {
  const known = [issuer, `${issuer}/api`];
  if (!request.getAll("resource").every((resource) => known.includes(resource))) {
    throw new Refusal("invalid_target");
  }
}

/** RFC 8252 section 7.3: an IP literal, any port. */
function isLoopback(redirect: string): boolean {
  return /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d+)?\/[^#]*$/.test(redirect);
}

async function token(request: Request, state: ServerState): Promise<Answer> {
  let grant = "";
  const answer = await answerForm(request, async (sent) => {
    const type = sent.get("grant_type") ?? "";
    grant = type.replace(/^urn:ietf:params:oauth:grant-type:/, "").replace("-", "_");
    await state.onToken("received", grant);
    requireResource(sent, state.issuer);
    const { accessToken, refreshToken, expiresIn, family, nonce } = await state.grants.grant(
      grant,
      sent,
      request.headers.get("authorization"),
    );
    await state.onToken("spent", grant);
    await state.holdToken();
    const isOpenId = family.scope.split(" ").includes("openid");
    return Response.json({
      access_token: accessToken,
      token_type: "Bearer",
      expires_in: expiresIn,
      ...present({ refresh_token: refreshToken }),
      scope: family.scope,
      ...(grant === "token_exchange" ? { issued_token_type: accessTokenType } : {}),
      ...(isOpenId ? { id_token: await idToken(state, expiresIn, nonce) } : {}),
    });
  });
  return { ...answer, grant };
}

function idToken(state: ServerState, lifetime: number, nonce?: string): Promise<string> {
  const iat = Math.floor(state.now() / 1000);
  const claims = { iss: state.issuer, aud: clientId, ...person, iat, exp: iat + lifetime };
  return state.signer.sign(nonce === undefined ? claims : { ...claims, nonce });
}

/** RFC 8628 section 3.2. */
function startDevice(sent: URLSearchParams, state: ServerState): Response {
  const { deviceCode, userCode, expiresIn, interval } = state.grants.startDevice(sent);
  return Response.json({
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: `${state.issuer}/device`,
    verification_uri_complete: `${state.issuer}/device?user_code=${userCode}`,
    expires_in: expiresIn,
    interval,
  });
}

function revoke(sent: URLSearchParams, state: ServerState): Response {
  state.grants.revoke(sent);
  return new Response("");
}

/** A protected resource, RFC 6750; a refusal has the URL of its metadata, RFC 9728 section 5.1. */
function api(request: Request, state: ServerState): Promise<Answer> | Answer {
  const [, bearer] = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  if (bearer !== undefined && state.grants.families.isActive(bearer)) {
    return answerCaller(request, person);
  }
  const error = bearer === undefined ? "" : `error="invalid_token", `;
  const where = `${state.issuer}/.well-known/oauth-protected-resource/api`;
  const headers = { "www-authenticate": `Bearer ${error}resource_metadata="${where}"` };
  return done(Response.json({ error: "invalid_token" }, { status: 401, headers }));
}
