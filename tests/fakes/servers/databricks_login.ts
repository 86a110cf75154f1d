import { answerAuthorization, answerForm, done } from "../machine/refusal.ts";
import { type DatabricksGrants, publicClientId } from "./databricks_grants.ts";
import { type DatabricksHost, issuerOf } from "./databricks_host.ts";
import type { Answer } from "./loopback_server.ts";

/** The allowed redirect URIs: only the ports that the vendor's own CLI tries. */
const redirect = /^http:\/\/localhost:80(2\d|3\d|40)$/;

export interface TokenAnswers {
  /** Whether `expires_in` is a string. */
  readonly isLifetimeText: boolean;
  /** Awaited after the grant is committed. */
  hold(): Promise<void>;
}

/** The response of login.databricks.com: a redirect to the user's own host. */
export function answerDiscovery(request: URLSearchParams, host: DatabricksHost): Answer {
  const destination = request.get("destination_url") ?? "";
  const [, query] = /^\/oidc\/v1\/authorize\?(.*)$/.exec(destination) ?? [];
  if (query === undefined) return done(new Response("No destination", { status: 400 }));
  const location = `${issuerOf(host)}/v1/authorize?${query}`;
  return { response: new Response("", { status: 302, headers: { location } }), ok: true };
}

/** A wrong client or redirect gets no redirect, RFC 6749 section 4.1.2.1. */
export function answerLogin(
  request: URLSearchParams,
  host: DatabricksHost,
  grants: DatabricksGrants,
): Answer {
  const isKnown = request.get("client_id") === publicClientId;
  if (!isKnown || !redirect.test(request.get("redirect_uri") ?? "")) {
    return done(new Response("Unknown client or redirect", { status: 400 }));
  }
  return answerAuthorization(request, issuerOf(host), () => grants.authorize(request));
}

export async function answerToken(
  request: Request,
  grants: DatabricksGrants,
  { isLifetimeText, hold }: TokenAnswers,
): Promise<Answer> {
  let logged: { grant?: string; principal?: string } = {};
  const answer = await answerForm(request, async (sent) => {
    const grant = sent.get("grant_type")?.replace(/^.*:/, "") ?? "";
    logged = { grant };
    const issued = await grants.grant(sent, request.headers.get("authorization"));
    const { accessToken, refreshToken, expiresIn, family: { scope, principal } } = issued;
    if (principal !== undefined) logged = { grant, principal };
    await hold();
    return Response.json({
      access_token: accessToken,
      token_type: "Bearer",
      expires_in: isLifetimeText ? String(expiresIn) : expiresIn,
      refresh_token: refreshToken,
      scope,
    });
  });
  return { ...answer, ...logged };
}
