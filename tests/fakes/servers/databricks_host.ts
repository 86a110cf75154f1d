/** A Databricks host serves one workspace, the account, or both ("SPOG"). */
export type HostType = "workspace" | "account" | "unified";

export const hostTypes: readonly HostType[] = ["workspace", "account", "unified"];

export interface DatabricksHost {
  readonly origin: string;
  readonly type: HostType;
  readonly accountId: string;
  readonly workspaceId: string;
  /** The names of the account's workspaces by ID. */
  readonly workspaces: Readonly<Record<string, string>>;
}

/** The routes of a Databricks host. */
export const databricksRoutes = [
  "host_metadata",
  "server_metadata",
  "discovery",
  "authorize",
  "token",
  "me",
  "workspaces",
  "clusters",
  "introspect",
  "token_create",
  "token_list",
  "token_delete",
  "token_update",
  "app",
  "echo",
] as const;

export type DatabricksRoute = typeof databricksRoutes[number];

/** The issuer of a host's authorization server. */
export function issuerOf({ origin, type, accountId }: DatabricksHost): string {
  return type === "workspace" ? `${origin}/oidc` : `${origin}/oidc/accounts/${accountId}`;
}

/** The route of a request; `undefined` for an unknown path or method. */
export function routeAt(
  method: string,
  pathname: string,
  host: DatabricksHost,
): DatabricksRoute | undefined {
  const loginPath = new URL(issuerOf(host)).pathname;
  if (pathname.startsWith(`${loginPath}/`)) return loginRoute(pathname.slice(loginPath.length));
  if (pathname === "/") return "discovery";
  if (pathname === "/.well-known/databricks-config") return "host_metadata";
  if (/^\/api\/2\.0\/echo(\/|$)/.test(pathname)) return "echo";
  return apiRoute(`${method} ${pathname}`, host);
}

function loginRoute(path: string): DatabricksRoute | undefined {
  if (path === "/.well-known/oauth-authorization-server") return "server_metadata";
  if (path === "/v1/authorize") return "authorize";
  return path === "/v1/token" ? "token" : undefined;
}

function apiRoute(
  request: string,
  { type, accountId }: DatabricksHost,
): DatabricksRoute | undefined {
  const routes: Readonly<Record<string, DatabricksRoute>> = {
    "GET /api/2.0/tokens/introspect": "introspect",
    "GET /api/2.0/preview/scim/v2/Me": "me",
    "POST /api/2.0/token/create": "token_create",
    "GET /api/2.1/clusters/list": "clusters",
    "GET /api/2.0/token/list": "token_list",
    "POST /api/2.0/token/delete": "token_delete",
  };
  if (/^PATCH \/api\/2\.0\/token\/[^/]+$/.test(request)) return "token_update";
  if (/^GET \/api\/2\.0\/apps\/[^/]+$/.test(request)) return "app";
  const ofAccount = request === `GET /api/2.0/accounts/${accountId}/workspaces`;
  if (ofAccount && type !== "workspace") return "workspaces";
  return Object.hasOwn(routes, request) ? routes[request] : undefined;
}

/**
 * `/.well-known/databricks-config`. The endpoint of an account host has a placeholder for the account ID. Only a
 * workspace host has a workspace ID.
 */
export function hostMetadata(host: DatabricksHost): Record<string, unknown> {
  const { origin, type, accountId, workspaceId } = host;
  const isAccount = type === "account";
  return {
    oidc_endpoint: isAccount ? `${origin}/oidc/accounts/{account_id}` : issuerOf(host),
    ...(isAccount ? {} : { account_id: accountId }),
    ...(type === "workspace" ? { workspace_id: workspaceId } : {}),
    cloud: "aws",
    host_type: type,
    token_federation_default_oidc_audiences: [audienceOf(host)],
  };
}

/** The required audience of identity tokens of workloads. */
function audienceOf(host: DatabricksHost): string {
  return `${issuerOf(host)}/v1/token`;
}

/** RFC 8414 section 2. */
export function serverMetadata(host: DatabricksHost): Record<string, unknown> {
  const issuer = issuerOf(host);
  return {
    issuer,
    authorization_endpoint: `${issuer}/v1/authorize`,
    token_endpoint: `${issuer}/v1/token`,
    scopes_supported: ["all-apis", "email", "offline_access", "openid", "profile"],
    response_types_supported: ["code"],
    grant_types_supported: ["client_credentials", "authorization_code", "refresh_token"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
    code_challenge_methods_supported: ["S256"],
  };
}
