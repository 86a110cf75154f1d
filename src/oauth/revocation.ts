import * as oauth from "oauth4webapi";
import { readAnswer } from "./answer.ts";
import type { Client } from "./client.ts";
import { nameEndpoint } from "./token_endpoint.ts";
import type { TokenSet } from "./token_set.ts";

/** The result of a revocation, RFC 7009. */
export type Revocation =
  | { readonly outcome: "revoked" }
  /** The server has no revocation endpoint: its tokens stay valid until they expire. */
  | { readonly outcome: "unsupported" }
  | { readonly outcome: "failed"; readonly reason: string };

/**
 * Revokes the refresh token first, so that the server issues no new token, then the access token, because a
 * server may revoke one without the other (RFC 7009 section 2.1). Never throws.
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
    return failed(
      error,
      refreshToken && "The refresh token was revoked, but the access token was not",
    );
  }
}

/** The outcome for `error`. `context`, if given, precedes its message. */
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
