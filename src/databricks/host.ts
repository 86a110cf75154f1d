import { FobError } from "../errors.ts";
import { hasCredentials, isSecure, parseAddress, shownName } from "../text/address.ts";

/** The address of a Databricks API, from a browser or a profile. */
export interface DatabricksAddress {
  /** `https://name[:port]`, without a path. */
  readonly host: string;
  readonly workspaceId?: string;
  readonly accountId?: string;
}

/**
 * The authorization server for an address: the server of a workspace, or the server of an account. The latter is at
 * the accounts console (`account`) or at a host for an account and its workspaces (`unified`).
 */
export type DatabricksServer =
  | { readonly type: "workspace"; readonly host: string }
  | { readonly type: "account" | "unified"; readonly host: string; readonly accountId: string };

/** The path of an account's authorization server, before the account ID. */
const accountsPath = "/oidc/accounts/";

/**
 * Parses an address; the scheme is `https:` if it has none. Reads the workspace (`o`, then `w`, then `workspace_id`)
 * and the account (`a`, then `account_id`) from the query, like Databricks' CLI (libs/auth/hostparams.go). Ignores
 * the path.
 *
 * @throws {FobError} `usage` for an address that no token may be sent to, and for an `o` or a `workspace_id` that
 * is not a 64-bit number.
 */
export function readAddress(text: string): DatabricksAddress {
  const url = parseAddress(text);
  if (url === undefined) throw refusal(text, "is not an address");
  if (hasCredentials(url)) throw refusal(text, "must not contain credentials");
  if (!isSecure(url)) throw refusal(text, 'must start with "https://"');
  const workspaceId = workspaceIn(url);
  const accountId = url.searchParams.get("a") || url.searchParams.get("account_id");
  return {
    host: url.origin,
    ...(workspaceId ? { workspaceId } : {}),
    ...(accountId ? { accountId } : {}),
  };
}

/** Like {@link readAddress}, but returns `undefined` for an invalid address. */
export function findAddress(text: string): DatabricksAddress | undefined {
  try {
    return readAddress(text);
  } catch (error) {
    if (error instanceof FobError) return undefined;
    throw error;
  }
}

/** Returns the workspace ID in the query. `o` and `workspace_id` must be numbers; `w` can be any text. */
function workspaceIn({ searchParams }: URL): string | null {
  const name = ["o", "w", "workspace_id"].find((name) => searchParams.get(name));
  if (name === undefined) return null;
  const id = searchParams.get(name) ?? "";
  if (name === "w" || isInt64(id)) return id;
  throw new FobError("usage", `The workspace ID "${shownName(id)}" in the host is not a number`);
}

function isInt64(text: string): boolean {
  return /^[+-]?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function refusal(host: string, why: string): FobError {
  return new FobError("usage", `The host "${shownName(host)}" ${why}`);
}

/**
 * Returns the authorization server for an address. `oidcEndpoint` is `oidc_endpoint` of the host's
 * `/.well-known/databricks-config`, if known.
 *
 * @throws {FobError} `usage` for the accounts console without an account ID.
 */
export function serverFor(
  { host, accountId }: DatabricksAddress,
  oidcEndpoint?: string,
): DatabricksServer {
  if (isAccountHost(host)) {
    if (accountId !== undefined) return { type: "account", host, accountId };
    throw new FobError("usage", `"${host}" requires an account ID`, {
      facts: { option: "--account-id ID" },
    });
  }
  return accountId !== undefined && oidcEndpoint?.includes(accountsPath)
    ? { type: "unified", host, accountId }
    : { type: "workspace", host };
}

/** Whether the host is the accounts console, which contains no workspace. */
export function isAccountHost(host: string): boolean {
  return /^https:\/\/accounts(-dod)?\./.test(host);
}

/** The issuer identifier of the authorization server. */
export function issuerOf(server: DatabricksServer): string {
  return server.type === "workspace" ? `${server.host}/oidc` : accountKey(server);
}

/** The key of a server's login in Databricks' token cache. A login is also stored under the name of its profile. */
export function hostKeyOf(server: DatabricksServer): string {
  return server.type === "workspace" ? server.host : accountKey(server);
}

function accountKey({ host, accountId }: { host: string; accountId: string }): string {
  return host + accountsPath + accountId;
}
