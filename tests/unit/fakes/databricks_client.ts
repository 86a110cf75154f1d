import { deepEqual, equal } from "node:assert/strict";
import { issuerOf } from "../../fakes/servers/databricks_host.ts";
import { type DatabricksOptions, DatabricksServer } from "../../fakes/servers/databricks_server.ts";
import { challenge, get, type Reply, verifier } from "./raw_client.ts";

type Fields = Readonly<Record<string, string>>;

/** The redirect URI of the client. Nothing listens there. */
const redirectUri = "http://localhost:8020";

/** Runs `body` with a new host. */
export async function withDatabricks(
  body: (server: DatabricksServer) => Promise<void>,
  options: DatabricksOptions = {},
): Promise<void> {
  const server = new DatabricksServer(options);
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

/** The query of an authorization request. */
export async function loginQuery(fields: Fields = {}): Promise<URLSearchParams> {
  return new URLSearchParams({
    response_type: "code",
    client_id: "databricks-cli",
    redirect_uri: redirectUri,
    scope: "offline_access all-apis",
    state: "s-1",
    code_challenge: await challenge(),
    code_challenge_method: "S256",
    ...fields,
  });
}

/** The redirect target of the browser. */
export async function authorize(server: DatabricksServer, fields: Fields = {}): Promise<URL> {
  const url = `${issuerOf(server.host)}/v1/authorize?${await loginQuery(fields)}`;
  const { status, headers } = await get(url);
  equal(status, 302);
  return new URL(headers.get("location") ?? "");
}

export function postToken(
  server: DatabricksServer,
  fields: Fields,
  headers: Fields = {},
): Promise<Reply> {
  const body = new URLSearchParams(fields);
  return get(`${issuerOf(server.host)}/v1/token`, { method: "POST", body, headers });
}

export function exchange(
  server: DatabricksServer,
  callback: URL,
  fields: Fields = {},
): Promise<Reply> {
  return postToken(server, {
    grant_type: "authorization_code",
    client_id: "databricks-cli",
    code: callback.searchParams.get("code") ?? "",
    redirect_uri: redirectUri,
    code_verifier: verifier,
    ...fields,
  });
}

export async function signIn(
  server: DatabricksServer,
  fields: Fields = {},
): Promise<{ access: string; refresh: string }> {
  const { json } = await exchange(server, await authorize(server, fields));
  return { access: String(json["access_token"]), refresh: String(json["refresh_token"]) };
}

export function refresh(server: DatabricksServer, token: string): Promise<Reply> {
  return postToken(server, {
    grant_type: "refresh_token",
    client_id: "databricks-cli",
    refresh_token: token,
  });
}

/** Calls the API, with an optional JSON body. */
export function call(
  server: DatabricksServer,
  request: string,
  token?: string,
  body?: unknown,
): Promise<Reply> {
  const [method = "", path = ""] = request.split(" ");
  return get(server.host.origin + path, {
    method,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export function refused(reply: Reply, status: number, error: string, description?: string): void {
  deepEqual([reply.status, reply.json["error"], reply.json["error_description"]], [
    status,
    error,
    description,
  ]);
}
