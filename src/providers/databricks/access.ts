import { boundedFetch, type BoundedFetchOptions } from "../../oauth/http.ts";
import type { Secret } from "../../secret.ts";
import { objectOf } from "../../text/json_object.ts";
import { foreignText } from "../../text/printable.ts";

/** Whether a host accepts a token. */
interface Access {
  readonly valid: boolean;
  readonly user?: string;
  readonly problem?: string;
}

/**
 * Checks whether a Databricks host accepts `token`: requests the user (SCIM `Me`) of a workspace, and the list of
 * workspaces of an account. If both are set, one success is enough, as in Databricks' CLI (cmd/auth/describe.go).
 *
 * @throws {FobError} `provider_unreachable` if the host does not answer.
 */
export async function checkAccess(
  { host, accountId, workspaceId }: {
    readonly host: string;
    readonly accountId?: string;
    readonly workspaceId?: string;
  },
  token: Secret,
  options: BoundedFetchOptions,
): Promise<Access> {
  const me = `${host}/api/2.0/preview/scim/v2/Me`;
  const account = `${host}/api/2.0/accounts/${encodeURIComponent(accountId ?? "")}/workspaces`;
  const isAccount = accountId !== undefined && workspaceId === undefined;
  const addresses = isAccount ? [account, me] : accountId === undefined ? [me] : [me, account];
  let first: Access | undefined;
  for (const address of addresses) {
    const access = await ask(address, token, options);
    if (access.valid) return access;
    first ??= access;
  }
  return first ?? { valid: false };
}

async function ask(address: string, token: Secret, options: BoundedFetchOptions): Promise<Access> {
  const response = await boundedFetch(options)(address, {
    headers: { accept: "application/json", authorization: `Bearer ${token.reveal()}` },
  });
  const body: unknown = await response.json().catch(() => undefined);
  const { userName, message } = objectOf(body);
  if (response.ok) {
    return {
      valid: true,
      ...(typeof userName === "string" ? { user: foreignText(userName) } : {}),
    };
  }
  const said = typeof message === "string" ? `: ${foreignText(message)}` : "";
  return { valid: false, problem: `the host answered HTTP ${response.status}${said}` };
}
