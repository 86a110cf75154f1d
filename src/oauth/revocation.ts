import * as oauth from "oauth4webapi";
import { readAnswer } from "./answer.ts";
import type { Client } from "./client.ts";
import { nameEndpoint } from "./token_endpoint.ts";
import type { TokenSet } from "./token_set.ts";

/** What became of a grant at the server, RFC 7009. Not being sure is an outcome of its own. */
export type Revocation =
  | { readonly outcome: "revoked" }
  /** The server has no revocation endpoint: what it issued lives until it expires. */
  | { readonly outcome: "unsupported" }
  | { readonly outcome: "failed"; readonly reason: string };

/**
 * Revokes the refresh token, so that nothing new is issued, and then the access token, because a server
 * need not end the one with the other (RFC 7009 section 2.1). Never throws.
 */
export async function revokeTokens(client: Client, tokens: TokenSet): Promise<Revocation> {
  if (client.server.revocation_endpoint === undefined) return { outcome: "unsupported" };
  const { refreshToken, accessToken } = tokens;
  try {
    if (refreshToken !== undefined) await revoke(client, "refresh_token", refreshToken.reveal());
  } catch (error) {
    return failed(error);
  }
  try {
    await revoke(client, "access_token", accessToken.reveal());
    return { outcome: "revoked" };
  } catch (error) {
    return failed(error, refreshToken && "The refresh token is revoked, the access token is not");
  }
}

/** The outcome for `error`, after `context` where that tells what was done before. */
export function failed(error: unknown, context?: string): Revocation {
  const message = error instanceof Error ? error.message : String(error);
  return { outcome: "failed", reason: context === undefined ? message : `${context}: ${message}` };
}

async function revoke(client: Client, kind: string, token: string): Promise<void> {
  const { server, registration, authentication, options } = client;
  const response = await oauth.revocationRequest(server, registration, authentication, token, {
    ...options,
    additionalParameters: { token_type_hint: kind },
  });
  await readAnswer(nameEndpoint(client, "revocation"), response, oauth.processRevocationResponse);
}
