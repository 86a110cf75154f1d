import { deepEqual, equal, match } from "node:assert/strict";
import {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  startAuthorizationServer,
} from "../../fakes/servers/authorization_server.ts";

type Fields = Record<string, string>;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty if the body is not a JSON object. */
  readonly json: Record<string, unknown>;
}

/** The redirect URI of the client. Nothing listens there. */
const redirectUri = "http://127.0.0.1:9/callback";

export const verifier = "v".repeat(43);
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

/** Runs `body` with a new server. */
export async function withServer(
  body: (server: AuthorizationServer) => Promise<void>,
  options: AuthorizationServerOptions = {},
): Promise<void> {
  const server = await startAuthorizationServer(options);
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

export async function get(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const { status, headers } = response;
  const text = await response.text();
  return { status, headers, text, json: text.startsWith("{") && status < 500 ? parse(text) : {} };
}

function parse(text: string): Record<string, unknown> {
  return text.endsWith("}") ? JSON.parse(text) : {};
}

export function post(server: AuthorizationServer, path: string, fields: Fields): Promise<Reply> {
  const body = new URLSearchParams({ client_id: "fob", ...fields });
  return get(`${server.issuer}/${path}`, { method: "POST", body });
}

/** The challenge of {@link verifier} (RFC 7636 section 4.2). */
export async function challenge(): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
}

async function authorizationUrl(
  server: AuthorizationServer,
  fields: Fields,
): Promise<string> {
  const request = new URLSearchParams({
    response_type: "code",
    client_id: "fob",
    redirect_uri: redirectUri,
    scope: "openid offline_access",
    code_challenge: await challenge(),
    code_challenge_method: "S256",
    ...fields,
  });
  return `${server.issuer}/authorize?${request}`;
}

/** The redirect target of the browser. */
export async function authorize(server: AuthorizationServer, fields: Fields = {}): Promise<URL> {
  const { status, headers } = await get(await authorizationUrl(server, fields));
  equal(status, 302);
  return new URL(headers.get("location") ?? "");
}

export function exchange(
  server: AuthorizationServer,
  callback: URL,
  fields: Fields = {},
): Promise<Reply> {
  return post(server, "token", {
    grant_type: "authorization_code",
    code: callback.searchParams.get("code") ?? "",
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...fields,
  });
}

export async function signIn(
  server: AuthorizationServer,
): Promise<{ access: string; refresh: string }> {
  const { json } = await exchange(server, await authorize(server));
  return { access: String(json["access_token"]), refresh: String(json["refresh_token"]) };
}

export function refresh(server: AuthorizationServer, token: string): Promise<Reply> {
  return post(server, "token", { grant_type: "refresh_token", refresh_token: token });
}

export async function startDevice(server: AuthorizationServer): Promise<string> {
  const { json } = await post(server, "device_authorization", { scope: "openid" });
  match(String(json["user_code"]), /^\w{4}-\w{4}$/);
  return String(json["device_code"]);
}

export function poll(server: AuthorizationServer, device: string): Promise<Reply> {
  return post(server, "token", { grant_type: deviceGrant, device_code: device });
}

export function refused(reply: Reply, error: string, status = 400): void {
  deepEqual([reply.status, reply.json["error"]], [status, error]);
}
