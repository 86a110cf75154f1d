import * as oauth from "oauth4webapi";
import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { foreignText } from "../text/printable.ts";
import { contentType } from "./answer.ts";
import { clockSkew } from "./clock_skew.ts";
import type { BoundedFetch } from "./http.ts";
import { requireLinkedUrl, requireSecureUrl } from "./secure_url.ts";

/** An authorization server as its metadata describe it. Every endpoint that fob may use is secure. */
export interface DiscoveredServer {
  /** RFC 8414 section 2. Its `issuer` is the requested one. */
  readonly metadata: oauth.AuthorizationServer;
  /** Whether it is an OpenID provider. */
  readonly openid: boolean;
  /** The API that named this server, for the `resource` parameter of RFC 8707. */
  readonly resource?: string;
  /** Seconds that its clock is ahead of this computer's; absent if unknown. */
  readonly skew?: number;
}

export interface Lookup {
  readonly fetch: BoundedFetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/** Why a metadata document cannot be used. `down`: the server failed, so the document may exist. */
interface Miss {
  readonly what: string;
  readonly why: string;
  readonly down: boolean;
}

/** A location of an issuer's metadata. */
interface Place {
  readonly what: string;
  /** Whether only OpenID providers have metadata there. */
  readonly openid: boolean;
  readonly request: (issuer: URL, lookup: Lookup) => Promise<Response>;
}

const oidc: Place = {
  what: "the OpenID configuration",
  openid: true,
  request: (issuer, lookup) =>
    oauth.discoveryRequest(issuer, { ...requestOptions(lookup), algorithm: "oidc" }),
};

const oauth2: Place = {
  what: "the RFC 8414 metadata",
  openid: false,
  request: (issuer, lookup) =>
    oauth.discoveryRequest(issuer, { ...requestOptions(lookup), algorithm: "oauth2" }),
};

const endpoints = [
  "authorization_endpoint",
  "token_endpoint",
  "device_authorization_endpoint",
  "pushed_authorization_request_endpoint",
  "revocation_endpoint",
] as const;

/**
 * The server with the issuer identifier `issuer`, found by OpenID Connect Discovery 1.0, else by RFC 8414.
 * Throws `issuer_mismatch` if the document names another issuer.
 */
export async function discoverIssuer(issuer: string, lookup: Lookup): Promise<DiscoveredServer> {
  return await find(requireSecureUrl(issuer, "issuer"), [oidc, oauth2], lookup, []);
}

/**
 * The server with the issuer identifier `issuer`, found by RFC 8414 metadata at `metadataUrl` instead of the
 * location that section 3.1 defines. Throws as {@link discoverIssuer} does.
 */
export async function discoverAt(
  metadataUrl: string,
  issuer: string,
  lookup: Lookup,
): Promise<DiscoveredServer> {
  const url = requireSecureUrl(metadataUrl, "metadata address");
  const { fetch, signal } = lookup;
  const headers = { accept: "application/json" };
  const place = { ...oauth2, request: () => fetch(url.href, { headers, signal }) };
  return await find(requireSecureUrl(issuer, "issuer"), [place], lookup, []);
}

/**
 * The server that issues tokens for the API at `host`: the first server in its RFC 9728 metadata, else the
 * host itself, found by RFC 8414 or OpenID Connect Discovery.
 */
export async function discoverFromHost(host: string, lookup: Lookup): Promise<DiscoveredServer> {
  const url = requireSecureUrl(host, "host");
  const found = await readResource(url, lookup);
  if ("why" in found) return await find(url, [oauth2, oidc], lookup, [found]);
  const server = await find(found.issuer, [oidc, oauth2], lookup, []);
  return { ...server, resource: found.resource };
}

/** The options of every oauth4webapi request. fob itself refuses insecure endpoints before. */
export function requestOptions(
  needs: Pick<Lookup, "fetch" | "signal">,
): {
  [oauth.customFetch]: BoundedFetch;
  [oauth.allowInsecureRequests]: true;
  signal?: AbortSignal;
} {
  return {
    [oauth.customFetch]: needs.fetch,
    [oauth.allowInsecureRequests]: true,
    ...present({ signal: needs.signal }),
  };
}

async function find(
  issuer: URL,
  places: readonly Place[],
  lookup: Lookup,
  misses: Miss[],
): Promise<DiscoveredServer> {
  for (const place of places) {
    const found = await readMetadata(issuer, place, lookup);
    if (!("why" in found)) return found;
    misses.push(found);
  }
  const tried = misses.map(({ what, why }) => `${what} (${why})`).join(", ");
  throw new FobError(
    misses.some(({ down }) => down) ? "provider_unreachable" : "provider_answer_invalid",
    `Cannot find the authorization server of "${foreignText(issuer.href)}": tried ${tried}`,
  );
}

async function readMetadata(
  issuer: URL,
  place: Place,
  lookup: Lookup,
): Promise<DiscoveredServer | Miss> {
  const response = await place.request(issuer, lookup);
  const skew = clockSkew(response.headers, lookup.now());
  try {
    const metadata = await oauth.processDiscoveryResponse(issuer, response);
    requireEndpoints(metadata, issuer);
    const openid = place.openid || metadata.scopes_supported?.includes("openid") === true;
    return { metadata, openid, ...present({ skew }) };
  } catch (error) {
    requireSameIssuer(error, issuer);
    return missed(place.what, response, error);
  }
}

async function readResource(
  host: URL,
  lookup: Lookup,
): Promise<{ issuer: URL; resource: string } | Miss> {
  const response = await oauth.resourceDiscoveryRequest(host, requestOptions(lookup));
  try {
    const metadata = await oauth.processResourceDiscoveryResponse(host, response);
    const [issuer] = metadata.authorization_servers ?? [];
    return {
      issuer: requireLinkedUrl(issuer, "authorization server", host),
      resource: metadata.resource,
    };
  } catch (error) {
    return missed("the RFC 9728 metadata", response, error);
  }
}

/** The {@link Miss} for a missing or invalid document. Rethrows a FobError and anything that is not an Error. */
function missed(what: string, response: Response, error: unknown): Miss {
  if (error instanceof FobError || !(error instanceof Error)) throw error;
  const { status } = response;
  if (status !== 200) return { what, why: `HTTP ${status}`, down: status >= 500 };
  const why = isCode(error, oauth.RESPONSE_IS_NOT_JSON)
    ? `${contentType(response)}, not JSON`
    : foreignText(error.message);
  return { what, why, down: false };
}

function requireSameIssuer(error: unknown, issuer: URL): void {
  if (!isCode(error, oauth.JSON_ATTRIBUTE_COMPARISON)) return;
  const { body } = error.cause as { body: { issuer: string } };
  throw new FobError(
    "issuer_mismatch",
    `The metadata of "${foreignText(issuer.href)}" names another issuer: ` +
      `"${foreignText(body.issuer)}"`,
    { facts: { issuer: foreignText(body.issuer) } },
  );
}

/** Throws `provider_answer_invalid` if the token endpoint is missing or an endpoint is not secure. */
export function requireEndpoints(metadata: oauth.AuthorizationServer, issuer: URL): void {
  if (metadata.token_endpoint === undefined) {
    throw new FobError(
      "provider_answer_invalid",
      `The metadata of "${foreignText(issuer.href)}" has no token_endpoint`,
    );
  }
  for (const name of endpoints) {
    if (metadata[name] !== undefined) requireLinkedUrl(metadata[name], name, issuer);
  }
}

function isCode(error: unknown, code: string): error is oauth.OperationProcessingError {
  return error instanceof oauth.OperationProcessingError && error.code === code;
}
