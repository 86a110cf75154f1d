import type { Platform } from "./platform.ts";

/** Any authorization server that publishes metadata: OpenID Connect Discovery or RFC 8414. */
export const oidc: Platform = { id: "oidc", title: "any OAuth server with metadata" };
