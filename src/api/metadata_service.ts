import { FobError } from "../errors.ts";
import { askAgainAfter } from "../limits.ts";
import { isSameHost } from "../profiles/profile.ts";
import type { AccessToken } from "../tokens/token.ts";
import type { TokenSource } from "../tokens/token_source.ts";

export interface MetadataServiceNeeds {
  /** The host that the tokens are for. */
  readonly host: URL;
  readonly source: Pick<TokenSource, "current">;
  readonly clock: { now(): number };
}

/**
 * Answers like the metadata service of Databricks (databricks-sdk-go, config/auth_metadata_service.go). Its
 * SDKs request a token with GET, and send the protocol version, 1, and the host. They expect a status of 4xx
 * for another version or host.
 */
export async function answerMetadata(
  { method, headers }: Pick<Request, "method" | "headers">,
  { host, source, clock }: MetadataServiceNeeds,
): Promise<Response> {
  if (method !== "GET") return refusal(405, "BAD_REQUEST", "Only GET is supported");
  if (headers.get("x-databricks-metadata-version") !== "1") {
    return refusal(400, "BAD_REQUEST", "X-Databricks-Metadata-Version must be 1");
  }
  if (!isSameHost(headers.get("x-databricks-host") ?? "", host.origin)) {
    return refusal(403, "PERMISSION_DENIED", `X-Databricks-Host is not "${host.origin}"`);
  }
  try {
    return answer(await source.current(), clock.now());
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    const isOver = ["not_signed_in", "sign_in_again"].includes(error.code);
    return isOver
      ? refusal(401, "UNAUTHENTICATED", error.message)
      : refusal(503, "TEMPORARILY_UNAVAILABLE", error.message);
  }
}

function answer({ token, tokenType, expiresAt }: AccessToken, now: number): Response {
  const body = {
    access_token: token.reveal(),
    token_type: tokenType,
    expires_on: Math.floor((expiresAt ?? now + askAgainAfter) / 1000),
  };
  return Response.json(body, { headers: { "cache-control": "no-store" } });
}

/** An error in the form of Databricks' own errors. */
function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error_code: code, message }, { status });
}
