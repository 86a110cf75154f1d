import type { DatabricksHost, DatabricksRoute } from "./databricks_host.ts";
import type { PersonalAccessTokens, TokenOptions } from "./personal_access_tokens.ts";

/** An API call with a valid credential. */
export interface ApiCall {
  readonly request: Request;
  /** The user name, or the client ID of a service principal. */
  readonly principal: string;
  readonly host: DatabricksHost;
  readonly tokens: PersonalAccessTokens;
  readonly clusters: readonly Readonly<Record<string, unknown>>[];
  /** The creator of each app, by the app's name. */
  readonly apps: ReadonlyMap<string, string>;
}

/** An error response of the API. */
export function apiError(status: number, code: string | number, message: string): Response {
  return Response.json({ error_code: code, message }, { status });
}

/** The response of a route of the API. */
export function answerCall(route: DatabricksRoute, call: ApiCall): Promise<Response> | Response {
  switch (route) {
    case "me":
      return answerMe(call);
    case "workspaces":
      return answerWorkspaces(call);
    case "clusters":
      return answerClusters(call);
    case "introspect":
      return answerIntrospection(call);
    case "token_create":
      return createToken(call);
    case "token_list":
      return listTokens(call);
    case "token_delete":
      return deleteToken(call);
    case "token_update":
      return updateToken(call);
    case "app":
      return answerApp(call);
    default:
      return answerEcho(call);
  }
}

/** SCIM `Me`, with the workspace ID in a header; an account host has no SCIM `Me`. */
function answerMe({ request, principal, host }: ApiCall): Response {
  if (host.type === "account") return apiError(400, "INVALID_PARAMETER_VALUE", "Not a workspace");
  const user: Record<string, unknown> = {
    id: "1001",
    userName: principal,
    displayName: principal.replace(/@.*/, ""),
    active: true,
    emails: [{ type: "work", value: principal, primary: true }],
    groups: [],
    entitlements: [],
    roles: [],
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  };
  const { searchParams } = new URL(request.url);
  const shown = Object.entries(user).filter(([name]) => isAskedFor(name, searchParams));
  const headers = { "x-databricks-org-id": host.workspaceId };
  return Response.json(Object.fromEntries(shown), { headers });
}

/** RFC 7644 section 3.9. */
function isAskedFor(name: string, query: URLSearchParams): boolean {
  const [wanted, unwanted] = ["attributes", "excludedAttributes"].map((key) =>
    query.get(key)?.split(",")
  );
  return (wanted?.includes(name) ?? true) && !(unwanted?.includes(name) ?? false);
}

function answerWorkspaces({ host: { accountId: account_id, workspaces } }: ApiCall): Response {
  return Response.json(
    Object.entries(workspaces).map(([id, name]) => ({
      account_id,
      workspace_id: Number(id),
      workspace_name: name,
      workspace_status: "RUNNING",
      deployment_name: name,
    })),
  );
}

/** A cluster that runs code of several users. */
export function fitCluster(id: string): Record<string, unknown> {
  return {
    cluster_id: id,
    cluster_name: `cluster ${id}`,
    cluster_source: "UI",
    data_security_mode: "USER_ISOLATION",
    spark_version: "15.4.x-scala2.12",
  };
}

/** Two to a page. */
function answerClusters({ request, clusters }: ApiCall): Response {
  const first = Number(new URL(request.url).searchParams.get("page_token") ?? 0);
  const next = first + 2 < clusters.length ? { next_page_token: `${first + 2}` } : {};
  return Response.json({ clusters: clusters.slice(first, first + 2), ...next });
}

function answerIntrospection({ host }: ApiCall): Response {
  const { accountId: account_id, workspaceId, type } = host;
  const workspace = type === "account" ? {} : { workspace_id: workspaceId };
  return Response.json({
    principal_context: { authentication_scope: { account_id, ...workspace } },
  });
}

/** The Apps API (databricks-sdk-go, service/apps/model.go). */
function answerApp({ request, apps }: ApiCall): Response {
  const name = decodeURIComponent(new URL(request.url).pathname.split("/").at(-1) ?? "");
  const creator = apps.get(name);
  if (creator === undefined) return apiError(404, "NOT_FOUND", `App ${name} does not exist`);
  return Response.json({ name, creator, url: "https://app.example.com" });
}

/**
 * Returns the request and its principal, but never the credential. `pages` in the query is the number of pages
 * of the response.
 */
async function answerEcho({ request, principal }: ApiCall): Promise<Response> {
  const { pathname, search, searchParams: query } = new URL(request.url);
  const next = Number(query.get("page_token") ?? 1) + 1;
  const headers = [...request.headers].filter(([name]) => /^(x-|content-type)/.test(name));
  return Response.json({
    method: request.method,
    path: pathname + search,
    principal,
    headers: Object.fromEntries(headers),
    body: await request.text(),
    ...(next <= Number(query.get("pages") ?? 0) ? { next_page_token: `${next}` } : {}),
  });
}

/** `QUOTA_EXCEEDED` is documented; its HTTP status is a guess. */
async function createToken({ request, principal, tokens }: ApiCall): Promise<Response> {
  const options = tokenOptions(await objectIn(request));
  if (options === undefined || (options.lifetime ?? 0) > tokens.longestLife) {
    return apiError(400, "INVALID_PARAMETER_VALUE", "lifetime_seconds");
  }
  const token = tokens.create(principal, options);
  if (token === undefined) {
    return apiError(400, "QUOTA_EXCEEDED", `The limit of ${tokens.quota} tokens is reached`);
  }
  return Response.json({ token_value: token.value, token_info: token.info });
}

function listTokens({ principal, tokens }: ApiCall): Response {
  return Response.json({ token_infos: tokens.of(principal).map(({ info }) => info) });
}

async function deleteToken({ request, principal, tokens }: ApiCall): Promise<Response> {
  const { token_id: id } = await objectIn(request);
  return typeof id === "string" && tokens.delete(principal, id) ? Response.json({}) : noToken(id);
}

/** Only the comment can be changed. */
async function updateToken({ request, principal, tokens }: ApiCall): Promise<Response> {
  const { token, update_mask: mask } = await objectIn(request);
  const { comment } = isObject(token) ? token : {};
  if (mask !== "comment" || typeof comment !== "string") {
    return apiError(400, "INVALID_PARAMETER_VALUE", "update_mask");
  }
  const id = new URL(request.url).pathname.split("/").at(-1) ?? "";
  return tokens.comment(principal, id, comment) ? Response.json({}) : noToken(id);
}

function noToken(id: unknown): Response {
  return apiError(404, "RESOURCE_DOES_NOT_EXIST", `Token with ID ${id} does not exist`);
}

function tokenOptions(sent: Readonly<Record<string, unknown>>): TokenOptions | undefined {
  const { comment, lifetime_seconds: lifetime, scopes } = sent;
  if (lifetime !== undefined && !(Number.isInteger(lifetime) && Number(lifetime) > 0)) {
    return undefined;
  }
  return {
    ...(typeof comment === "string" ? { comment } : {}),
    ...(typeof lifetime === "number" ? { lifetime } : {}),
    ...(Array.isArray(scopes) ? { scopes: scopes.map(String) } : {}),
  };
}

async function objectIn(request: Request): Promise<Record<string, unknown>> {
  const sent: unknown = await request.json().catch(() => undefined);
  return isObject(sent) ? sent : {};
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
