import * as oauth from "oauth4webapi";
import { present } from "../present.ts";
import type { Secret } from "../secret.ts";
import { type DiscoveredServer, type Lookup, requestOptions } from "./metadata.ts";

/** A client of one authorization server, ready to ask it for tokens: RFC 6749 section 2. */
export interface Client {
  readonly server: oauth.AuthorizationServer;
  readonly registration: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  /** What it proves itself with, for the answers that must not repeat it. */
  readonly secret?: Secret;
  readonly options: ReturnType<typeof requestOptions>;
  /** RFC 8707: the API that the tokens are for, where that API named the server. */
  readonly resource?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What a client proves itself with. Without a secret it is a public client. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret?: Secret;
}

export function openClient(
  server: DiscoveredServer,
  credentials: ClientCredentials,
  needs: Lookup,
): Client {
  return {
    server: server.metadata,
    registration: { client_id: credentials.clientId, [oauth.clockSkew]: server.skew ?? 0 },
    authentication: clientAuthentication(server.metadata, credentials.clientSecret),
    options: requestOptions(needs),
    now: needs.now,
    ...present({ secret: credentials.clientSecret, resource: server.resource }),
  };
}

/**
 * A client without an identifier: where the subject token alone says who asks, as RFC 8693 section 2.1
 * leaves to the server.
 */
export function openAnonymousClient(server: DiscoveredServer, needs: Lookup): Client {
  // oauth4webapi wants an identifier; it is sent by the authentication alone.
  const client = openClient(server, { clientId: "anonymous" }, needs);
  return { ...client, authentication: () => {} };
}

/** The parameters that go with every grant, RFC 8707 section 2. */
export function resourceParameter(client: Client): Record<string, string> {
  return present({ resource: client.resource });
}

/** What a grant without a person is asked for. */
export interface TokenRequest {
  /** RFC 6749 section 3.3; none is sent where it is empty. */
  readonly scopes: readonly string[];
  /** RFC 8693 section 2.1, which Auth0 has for client credentials too. */
  readonly audience?: string;
}

/** The parameters that say what a machine's token is to be for. */
export function tokenRequestParameters(
  client: Client,
  { scopes, audience }: TokenRequest,
): Record<string, string> {
  return {
    ...(scopes.length === 0 ? {} : { scope: scopes.join(" ") }),
    ...present({ audience }),
    ...resourceParameter(client),
  };
}

/** RFC 6749 section 2.3.1 prefers the header, RFC 8414 makes it the default. */
function clientAuthentication(
  server: oauth.AuthorizationServer,
  secret: Secret | undefined,
): oauth.ClientAuth {
  if (secret === undefined) return oauth.None();
  const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
  return methods.includes("client_secret_post") && !methods.includes("client_secret_basic")
    ? oauth.ClientSecretPost(secret.reveal())
    : clientSecretBasic(secret);
}

/**
 * RFC 6749 section 2.3.1 has both parts form-encoded, and many servers do not decode them. oauth4webapi's
 * own encodes `-`, `_` and `.` too, which breaks every UUID there; this leaves alone what it may.
 */
function clientSecretBasic(secret: Secret): oauth.ClientAuth {
  return (_server, client, _body, headers) => {
    const credentials = [client.client_id, secret.reveal()].map(formEncoded).join(":");
    headers.set("authorization", `Basic ${btoa(credentials)}`);
  };
}

function formEncoded(text: string): string {
  return new URLSearchParams({ "": text }).toString().slice(1);
}
