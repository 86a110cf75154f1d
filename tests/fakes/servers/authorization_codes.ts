import { freshCanary, hiddenMark } from "../../canaries/mark.ts";
import { Refusal } from "../machine/refusal.ts";
import type { IssuedTokens, TokenFamilies, TokenFamily } from "./token_families.ts";

/** Tokens, and the `nonce` for their ID token. */
export interface Granted extends IssuedTokens {
  readonly nonce?: string;
}

interface AuthorizationCode {
  readonly scope: string;
  readonly nonce: string | undefined;
  readonly redirectUri: string;
  readonly challenge: string;
  /** The family that the code was exchanged for. A second use of the code ends it. */
  family?: TokenFamily;
}

/** Authorization codes, RFC 6749 section 4.1, that require PKCE with S256, RFC 7636. */
export class AuthorizationCodes {
  readonly #families: TokenFamilies;
  readonly #start: (scope: string) => IssuedTokens;
  readonly #codes = new Map<string, AuthorizationCode>();

  /** `start` starts a family in `families`. */
  constructor(
    families: TokenFamilies,
    start = (scope: string): IssuedTokens => families.start(scope),
  ) {
    this.#families = families;
    this.#start = start;
  }

  /** A code for an authorization request. `scope` is the default for a request without one. */
  issue(request: URLSearchParams, scope: string): string {
    if (request.get("response_type") !== "code") throw new Refusal("unsupported_response_type");
    const challenge = request.get("code_challenge") ?? "";
    const method = request.get("code_challenge_method");
    if (method !== "S256" || !/^[\w-]{43}$/.test(challenge)) throw new Refusal("invalid_request");
    const code = `code-${freshCanary(hiddenMark)}`;
    this.#codes.set(code, {
      scope: request.get("scope") ?? scope,
      nonce: request.get("nonce") ?? undefined,
      redirectUri: request.get("redirect_uri") ?? "",
      challenge,
    });
    return code;
  }

  /** The tokens for the code of a token request. A second use of a code revokes its tokens. */
  async redeem(request: URLSearchParams): Promise<Granted> {
    const challenge = await s256(request.get("code_verifier") ?? "");
    const code = this.#codes.get(request.get("code") ?? "");
    if (code === undefined) throw new Refusal("invalid_grant");
    if (code.family !== undefined) {
      this.#families.end(code.family);
      throw new Refusal("invalid_grant");
    }
    if (challenge !== code.challenge || request.get("redirect_uri") !== code.redirectUri) {
      throw new Refusal("invalid_grant");
    }
    const issued = this.#start(code.scope);
    code.family = issued.family;
    return code.nonce === undefined ? issued : { ...issued, nonce: code.nonce };
  }
}

async function s256(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  return new Uint8Array(digest).toBase64({ alphabet: "base64url", omitPadding: true });
}
