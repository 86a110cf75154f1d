import { type ErrorCode, FobError } from "../errors.ts";
import { hasCredentials, isSecure, parseAddress, shownAddress } from "../text/address.ts";

/**
 * The URL that the user gave as `what` (a host, an issuer). `https:` is added if it has no scheme. Tokens are
 * sent there, so it must be `https:`, or `http:` to this computer (RFC 8252 section 8.3), without credentials
 * and without a fragment. Throws `usage` otherwise.
 */
export function requireSecureUrl(text: string, what: string): URL {
  return secureUrl(text, `The ${what} "${shownAddress(text)}"`, "usage");
}

/**
 * The URL that a document at `from` gives as `what`. It may be `http:` only if `from` is, so that no remote
 * server can direct fob to a port of this computer. Throws `provider_answer_invalid`.
 */
export function requireLinkedUrl(value: unknown, what: string, from: URL): URL {
  const text = typeof value === "string" ? value : "";
  const shown = `The ${what} "${shownAddress(text)}" of "${from.origin}"`;
  const url = secureUrl(text, shown, "provider_answer_invalid");
  if (url.protocol === "https:" || from.protocol === "http:") return url;
  throw new FobError("provider_answer_invalid", `${shown} is not secure: it must use https`);
}

function secureUrl(text: string, shown: string, code: ErrorCode): URL {
  const url = parseAddress(text);
  if (url === undefined) throw new FobError(code, `${shown} is not an address`);
  if (hasCredentials(url)) {
    throw new FobError(code, `${shown} contains credentials`);
  }
  if (url.href.includes("#")) throw new FobError(code, `${shown} contains a fragment`);
  if (isSecure(url)) return url;
  if (url.protocol !== "http:") {
    throw new FobError(code, `${shown} is not secure: it must use https`);
  }
  throw new FobError(code, `${shown} is not secure: http is allowed only for localhost`, {
    facts: { example: url.href.replace(/^http/, "https").replace(/\/$/, "") },
  });
}
