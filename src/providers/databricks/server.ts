import { FobError } from "../../errors.ts";
import { documentedServer } from "../../oauth/documented_server.ts";
import { discoverAt, type DiscoveredServer, type Lookup } from "../../oauth/metadata.ts";
import { requireSecureUrl } from "../../oauth/secure_url.ts";
import { present } from "../../present.ts";
import { type JsonObject, objectOf } from "../../text/json_object.ts";
import { foreignText } from "../../text/printable.ts";
import type { LocatedServer, Place, PlatformHooks, SignInTarget } from "../provider.ts";
import { isAccountHost } from "./account_host.ts";

/** The metadata of a host at `/.well-known/databricks-config`. Each field may be missing. */
interface HostMetadata {
  readonly oidc_endpoint?: string;
  readonly account_id?: string;
  readonly workspace_id?: string;
  /** The first of `token_federation_default_oidc_audiences`. */
  readonly audience?: string;
}

/** Finds Databricks' authorization servers. No RFC describes this (databricks-sdk-go, config/host_metadata.go). */
export const databricksHooks: PlatformHooks = {
  async findServer(target, lookup): Promise<LocatedServer> {
    if (target.issuer !== undefined) return { server: await serverOf(target.issuer, lookup) };
    if (target.host === undefined) {
      throw new FobError("usage", "--host is required to sign in to Databricks", {
        facts: { option: "--host URL" },
      });
    }
    const { origin } = requireSecureUrl(target.host, "host");
    const metadata = await readHostMetadata(origin, lookup);
    const place = placeOf(target, metadata);
    const server = await serverOf(issuerOf(origin, place, metadata), lookup);
    // The audience of an account is its ID.
    const identityAudience = metadata.audience ??
      (isAccountHost(origin) ? place.accountId : undefined);
    return { server, place, ...present({ identityAudience }) };
  },

  serverOf,

  async locate(authorization, host, lookup): Promise<Place> {
    const { accessToken } = authorization.tokens;
    const response = await lookup.fetch(`${host}/api/2.0/tokens/introspect`, {
      headers: { accept: "application/json", authorization: `Bearer ${accessToken.reveal()}` },
    });
    const { principal_context: principal } = await fieldsOf(response);
    const { authentication_scope: scope } = objectOf(principal);
    const { account_id: accountId, workspace_id: workspaceId } = objectOf(scope);
    return {
      ...(isId(accountId) ? { accountId: String(accountId) } : {}),
      ...(isId(workspaceId) ? { workspaceId: String(workspaceId) } : {}),
    };
  },

  async identify(authorization, host, lookup): Promise<string | undefined> {
    const { accessToken } = authorization.tokens;
    const response = await lookup.fetch(`${host}/api/2.0/preview/scim/v2/Me`, {
      headers: { accept: "application/json", authorization: `Bearer ${accessToken.reveal()}` },
    });
    const { userName } = await fieldsOf(response);
    return typeof userName === "string" ? foreignText(userName) : undefined;
  },
};

/** Reads the metadata, best effort. A host without metadata is a workspace, or an account by its name. */
async function readHostMetadata(origin: string, lookup: Lookup): Promise<HostMetadata> {
  const { fetch, signal } = lookup;
  const headers = { accept: "application/json" };
  const fields = await fetch(`${origin}/.well-known/databricks-config`, { headers, signal })
    .then(fieldsOf)
    .catch((error: unknown): JsonObject => {
      if (signal?.aborted) throw error;
      return {};
    });
  const text = (name: string): object => {
    const value = fields[name];
    return typeof value === "string" && value !== "" ? { [name]: value } : {};
  };
  const { token_federation_default_oidc_audiences: audiences } = fields;
  const audience: unknown = Array.isArray(audiences) ? audiences[0] : undefined;
  return {
    ...text("oidc_endpoint"),
    ...text("account_id"),
    ...text("workspace_id"),
    ...(typeof audience === "string" && audience !== "" ? { audience } : {}),
  };
}

async function fieldsOf(response: Response): Promise<JsonObject> {
  const body: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  await response.body?.cancel().catch(() => {});
  return objectOf(body);
}

/** Whether `value` can be an account ID or a workspace ID. */
function isId(value: unknown): value is string | number {
  return typeof value === "number" || typeof value === "string" && /^[\w-]+$/.test(value);
}

/** The account and workspace in the request take precedence over the metadata. */
function placeOf(target: SignInTarget, metadata: HostMetadata): Place {
  const accountId = target.accountId ?? metadata.account_id;
  const workspaceId = target.workspaceId ?? metadata.workspace_id;
  return present({ accountId, workspaceId });
}

function issuerOf(origin: string, { accountId }: Place, { oidc_endpoint }: HostMetadata): string {
  const isAccount = isAccountHost(origin) || oidc_endpoint?.includes("{account_id}");
  if (isAccount && accountId === undefined) {
    throw new FobError(
      "usage",
      `--account-id is required to sign in to "${origin}", which serves several accounts`,
      {
        facts: { option: "--account-id ID" },
      },
    );
  }
  if (oidc_endpoint !== undefined) {
    return oidc_endpoint.replaceAll("{account_id}", accountId ?? "").replace(/\/$/, "");
  }
  return isAccount ? `${origin}/oidc/accounts/${accountId}` : `${origin}/oidc`;
}

/** Returns the documented endpoints of an account; discovers any other server from the metadata below its issuer. */
async function serverOf(issuer: string, lookup: Lookup): Promise<DiscoveredServer> {
  if (isAccountHost(issuer)) {
    return documentedServer({
      issuer,
      authorization_endpoint: `${issuer}/v1/authorize`,
      token_endpoint: `${issuer}/v1/token`,
    });
  }
  return await discoverAt(`${issuer}/.well-known/oauth-authorization-server`, issuer, lookup);
}
