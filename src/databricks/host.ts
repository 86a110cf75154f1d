import { FobError } from "../errors.ts";
import { hasCredentials, isSecure, parseAddress, shownName } from "../text/address.ts";

/** Where a Databricks API is, as an address in a browser or a profile says it. */
export interface DatabricksAddress {
  /** `https://name[:port]`, nothing behind it. */
  readonly host: string;
  readonly workspaceId?: string;
  readonly accountId?: string;
}

/**
 * The server that issues the tokens for an address: a workspace's own, or that of an account, which
 * is reached at the accounts console or at a host that serves an account and its workspaces.
 */
export type DatabricksServer =
  | { readonly type: "workspace"; readonly host: string }
  | { readonly type: "account" | "unified"; readonly host: string; readonly accountId: string };

/** What an account's authorization server has in its path. */
const accountsPath = "/oidc/accounts/";

/**
 * Takes `text` apart: `https:` where it has no scheme; of its query the workspace (`o`, before `w`,
 * before `workspace_id`) and the account (`a`, before `account_id`), as Databricks' CLI reads them
 * (libs/auth/hostparams.go); nothing of its path.
 *
 * @throws {FobError} `usage` for what no token may be sent to, and for an `o` or a `workspace_id` that
 * is no 64-bit number.
 */
export function readAddress(text: string): DatabricksAddress {
  const url = parseAddress(text);
  if (url === undefined) throw refusal(text, "is not an address");
  if (hasCredentials(url)) throw refusal(text, "has credentials in it");
  if (!isSecure(url)) throw refusal(text, 'must start with "https://"');
  const workspaceId = workspaceIn(url);
  const accountId = url.searchParams.get("a") || url.searchParams.get("account_id");
  return {
    host: url.origin,
    ...(workspaceId ? { workspaceId } : {}),
    ...(accountId ? { accountId } : {}),
  };
}

/** As {@link readAddress}; `undefined` for what that refuses. */
export function findAddress(text: string): DatabricksAddress | undefined {
  try {
    return readAddress(text);
  } catch (error) {
    if (error instanceof FobError) return undefined;
    throw error;
  }
}

/** The workspace that the query names: `o` and `workspace_id` are numbers, `w` is anything. */
function workspaceIn({ searchParams }: URL): string | null {
  const name = ["o", "w", "workspace_id"].find((name) => searchParams.get(name));
  if (name === undefined) return null;
  const id = searchParams.get(name) ?? "";
  if (name === "w" || isInt64(id)) return id;
  throw new FobError("usage", `The workspace "${shownName(id)}" of the host is not a number`);
}

function isInt64(text: string): boolean {
  return /^[+-]?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text);
}

function refusal(host: string, why: string): FobError {
  return new FobError("usage", `The host "${shownName(host)}" ${why}`);
}

/**
 * Who issues the tokens for an address. `oidcEndpoint` is what the host's own metadata names, if that is
 * known: `oidc_endpoint` of `/.well-known/databricks-config`.
 *
 * @throws {FobError} `usage` for an account's host without the account.
 */
export function serverFor(
  { host, accountId }: DatabricksAddress,
  oidcEndpoint?: string,
): DatabricksServer {
  if (isAccountHost(host)) {
    if (accountId !== undefined) return { type: "account", host, accountId };
    throw new FobError("usage", `"${host}" needs an account ID`, {
      facts: { option: "--account-id" },
    });
  }
  return accountId !== undefined && oidcEndpoint?.includes(accountsPath)
    ? { type: "unified", host, accountId }
    : { type: "workspace", host };
}

/** Whether the host is the accounts console, which has no workspace. */
export function isAccountHost(host: string): boolean {
  return /^https:\/\/accounts(-dod)?\./.test(host);
}

/** The issuer identifier of the authorization server. */
export function issuerOf(server: DatabricksServer): string {
  return server.type === "workspace" ? `${server.host}/oidc` : accountKey(server);
}

/**
 * What Databricks' token cache keeps the login of a server under, beside the one under the name of a
 * profile.
 */
export function hostKeyOf(server: DatabricksServer): string {
  return server.type === "workspace" ? server.host : accountKey(server);
}

function accountKey({ host, accountId }: { host: string; accountId: string }): string {
  return host + accountsPath + accountId;
}
