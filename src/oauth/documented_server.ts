import type * as oauth from "oauth4webapi";
import { type DiscoveredServer, requireEndpoints } from "./metadata.ts";
import { requireSecureUrl } from "./secure_url.ts";

/** The documented endpoints of a platform's authorization server, named as in RFC 8414 section 2. */
export type DocumentedEndpoints =
  & Required<Pick<oauth.AuthorizationServer, "issuer" | "token_endpoint">>
  & Partial<
    Pick<
      oauth.AuthorizationServer,
      | "authorization_endpoint"
      | "device_authorization_endpoint"
      | "revocation_endpoint"
      | "token_endpoint_auth_methods_supported"
    >
  >;

/**
 * A server that publishes no metadata. Its endpoints get the same checks as discovered ones. Throws `usage`
 * if the issuer is not secure, `provider_answer_invalid` if an endpoint is not secure.
 */
export function documentedServer(endpoints: DocumentedEndpoints): DiscoveredServer {
  requireEndpoints(endpoints, requireSecureUrl(endpoints.issuer, "issuer"));
  return { metadata: endpoints, openid: false };
}
