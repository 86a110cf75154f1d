import { type ErrorCode, FobError } from "../errors.ts";
import { hasCredentials, isSecure, parseAddress, shownAddress } from "../text/address.ts";

/**
 * The address that a person gave as `what` (a host, an issuer), `https:` where it has no scheme.
 * Tokens go there, so it is `https:`, or `http:` to this computer (RFC 8252 section 8.3), and it
 * carries no credentials and no fragment. Anything else throws `usage`.
 */
export function requireSecureUrl(text: string, what: string): URL {
  return secureUrl(text, `The ${what} "${shownAddress(text)}"`, "usage");
}

/**
 * The address that a document at `from` gives as `what`. It may be `http:` only where `from` is, so
 * that no server can point fob at what listens on this computer. Throws `provider_answer_invalid`.
 */
export function requireLinkedUrl(value: unknown, what: string, from: URL): URL {
  const text = typeof value === "string" ? value : "";
  const shown = `The ${what} "${shownAddress(text)}" of "${from.origin}"`;
  const url = secureUrl(text, shown, "provider_answer_invalid");
  if (url.protocol === "https:" || from.protocol === "http:") return url;
  throw new FobError("provider_answer_invalid", `${shown} is not secure: it must be https`);
}

function secureUrl(text: string, shown: string, code: ErrorCode): URL {
  const url = parseAddress(text);
  if (url === undefined) throw new FobError(code, `${shown} is not an address`);
  if (hasCredentials(url)) {
    throw new FobError(code, `${shown} has credentials in it`);
  }
  if (url.href.includes("#")) throw new FobError(code, `${shown} has a fragment in it`);
  if (isSecure(url)) return url;
  if (url.protocol !== "http:") {
    throw new FobError(code, `${shown} is not secure: it must be https`);
  }
  throw new FobError(code, `${shown} is not secure: http is for this computer only`, {
    facts: { example: url.href.replace(/^http/, "https").replace(/\/$/, "") },
  });
}
