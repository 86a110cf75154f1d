import * as oauth from "oauth4webapi";
import { present } from "../present.ts";
import type { Secret } from "../secret.ts";
import { type DiscoveredServer, type Lookup, requestOptions } from "./metadata.ts";

/** A client of one authorization server, RFC 6749 section 2, with everything a token request needs. */
export interface Client {
  readonly server: oauth.AuthorizationServer;
  readonly registration: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  /** The client secret, to remove it from error messages of the server. */
  readonly secret?: Secret;
  readonly options: ReturnType<typeof requestOptions>;
  /** RFC 8707: the API that the tokens are for, if its metadata named the server. */
  readonly resource?: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** How a client authenticates. A client without a secret is a public client. */
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
 * A client without an identifier, for servers that identify the caller by the subject token alone, which
 * RFC 8693 section 2.1 permits.
 */
export function openAnonymousClient(server: DiscoveredServer, needs: Lookup): Client {
  // oauth4webapi requires an identifier, but only the authentication function sends it.
  const client = openClient(server, { clientId: "anonymous" }, needs);
  return { ...client, authentication: () => {} };
}

/** The parameters of every grant, RFC 8707 section 2. */
export function resourceParameter(client: Client): Record<string, string> {
  return present({ resource: client.resource });
}

/** The request of a grant without user interaction. */
export interface TokenRequest {
  /** RFC 6749 section 3.3; not sent if empty. */
  readonly scopes: readonly string[];
  /** RFC 8693 section 2.1. Auth0 also uses it for client credentials. */
  readonly audience?: string;
}

/** The request parameters for `scopes`, `audience` and the client's resource. */
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

/** RFC 6749 section 2.3.1 prefers the `Authorization` header; RFC 8414 makes it the default. */
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
 * RFC 6749 section 2.3.1 form-encodes both parts, but many servers do not decode them. oauth4webapi also
 * encodes `-`, `_` and `.`, which breaks every UUID at such servers. This encodes only what it must.
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
