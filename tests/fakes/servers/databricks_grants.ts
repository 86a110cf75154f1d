import { freshCanary, mark } from "../../canaries/mark.ts";
import { Refusal } from "../machine/refusal.ts";
import { AuthorizationCodes } from "./authorization_codes.ts";
import { type AccessTokenForm, type IssuedTokens, TokenFamilies } from "./token_families.ts";

/** The public client for sign-ins. */
export const publicClientId = "databricks-cli";

/** The user name of the user who signs in. */
export const person = "ada@example.com";

const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
const jwt = "urn:ietf:params:oauth:token-type:jwt";

interface Subject {
  /** The service principal of the exchange; `undefined` for account-wide federation. */
  readonly clientId: string | undefined;
}

/** The grants of Databricks for the user, for service principals and for federated workloads. */
export class DatabricksGrants {
  readonly families: TokenFamilies;
  /** Whether the user denies every request. */
  denied = false;
  /** The secrets of service principals by client ID. */
  readonly secrets = new Map<string, string>();
  /** Trusted identity tokens. */
  readonly subjects = new Map<string, Subject>();
  readonly #codes: AuthorizationCodes;

  constructor(now: () => number) {
    this.families = new TokenFamilies(now);
    this.#codes = new AuthorizationCodes(this.families, (scope) => this.#start(scope, person));
  }

  /** A code for an authorization request. */
  authorize(request: URLSearchParams): string {
    const code = this.#codes.issue(request, "all-apis");
    if (this.denied) throw new Refusal("access_denied", "The user denied the request");
    return code;
  }

  /** The tokens for a token request. Throws {@link Refusal}. The grant is committed when it returns. */
  grant(
    request: URLSearchParams,
    authorization: string | null,
  ): Promise<IssuedTokens> | IssuedTokens {
    switch (request.get("grant_type")) {
      case "authorization_code":
        requirePublicClient(request);
        return this.#codes.redeem(request);
      case "refresh_token":
        requirePublicClient(request);
        return this.#refresh(request.get("refresh_token") ?? "");
      case "client_credentials":
        return this.#grantToClient(request, authorization);
      case exchangeGrant:
        return this.#exchange(request);
      default:
        throw new Refusal("unsupported_grant_type");
    }
  }

  #start(scope: string, principal: string): IssuedTokens {
    const names = scope.split(" ").filter(Boolean);
    if (names.includes("offline_access")) return this.families.start(scope, principal);
    return this.families.startWithoutRefresh(scope, principal);
  }

  #refresh(token: string): IssuedTokens {
    const issued = this.families.rotate(token);
    if (issued !== undefined) return issued;
    throw new Refusal("invalid_request", "Refresh token is invalid", 401);
  }

  /** RFC 6749 section 4.4. */
  #grantToClient(request: URLSearchParams, authorization: string | null): IssuedTokens {
    const [id, secret] = basicCredentials(authorization ?? "");
    if (id === undefined || secret === undefined || this.secrets.get(id) !== secret) {
      throw new Refusal("invalid_client", "Client authentication failed");
    }
    return this.families.startWithoutRefresh(request.get("scope") ?? "all-apis", id);
  }

  /** RFC 8693 section 2.1. Without `client_id` the federation is account-wide. */
  #exchange(request: URLSearchParams): IssuedTokens {
    if (request.get("subject_token_type") !== jwt) {
      throw new Refusal("invalid_request", "Unsupported subject token type");
    }
    const subject = this.subjects.get(request.get("subject_token") ?? "");
    const clientId = request.get("client_id") ?? undefined;
    if (subject === undefined || subject.clientId !== clientId) {
      throw new Refusal("invalid_grant", "The subject token matches no federation policy");
    }
    const principal = clientId ?? "federated@example.com";
    return this.families.startWithoutRefresh(request.get("scope") ?? "all-apis", principal);
  }
}

/** An access token with its scope as claims, like Databricks' own; it has no valid signature. */
export function writeJwt({ family, number, expiresAt }: AccessTokenForm): string {
  const claims = {
    sub: family.principal,
    scope: family.scope,
    exp: Math.floor(expiresAt / 1000),
    jti: `at-${number}-${freshCanary()}`,
  };
  const parts = [{ alg: "none", typ: "at+jwt" }, claims].map((part) =>
    new TextEncoder().encode(JSON.stringify(part))
      .toBase64({ alphabet: "base64url", omitPadding: true })
  );
  return [...parts, mark].join(".");
}

function requirePublicClient(request: URLSearchParams): void {
  if (request.get("client_id") !== publicClientId) {
    throw new Refusal("invalid_client", "Unknown client");
  }
}

/** ID and secret. The Go SDK escapes both, as RFC 6749 section 2.3.1 requires; the Python SDK escapes neither. */
function basicCredentials(authorization: string): (string | undefined)[] {
  const [, encoded = ""] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
  try {
    const text = new TextDecoder().decode(Uint8Array.fromBase64(encoded));
    const [id = "", ...secret] = text.split(":");
    return [id, secret.join(":")].map(decodeURIComponent);
  } catch {
    return [];
  }
}
