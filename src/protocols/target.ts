import { FobError } from "../errors.ts";
import { hasScheme, isLoopback } from "../text/address.ts";
import { printable } from "../text/printable.ts";
import { isPlain, requirePlain } from "./plain_text.ts";

/** Where a tool will send the credential. */
export interface Target {
  /**
   * The origins that the tool may mean, as the URL Standard writes them: `https:`, or `http:` to this
   * computer. Two for a host of this computer without a scheme. A credential is stored for the first.
   */
  readonly origins: readonly [string, ...string[]];
  /** The rest after the host, as the tool wrote it, without the leading slash; absent if empty. */
  readonly path?: string;
}

/** Supported schemes, and the web scheme with the same security. */
const schemes: ReadonlyMap<string, "https" | "http"> = new Map([
  ["https", "https"],
  ["grpcs", "https"],
  ["http", "http"],
  ["grpc", "http"],
]);

/**
 * The target of `url`; `undefined` if no credential may be sent there: another scheme, or plain `http:` to
 * another computer.
 *
 * @throws {FobError} `usage` if it is not the URL of a host, or contains a user.
 */
export function targetOfUrl(url: string): Target | undefined {
  const [, scheme, authority = "", path = ""] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)\/?(.*)$/iu.exec(url) ?? [];
  if (scheme === undefined) throw new FobError("usage", "The requested URL is invalid");
  return targetOf(scheme, authority, path);
}

/**
 * The same for `authority`, a host with or without a port, and its `path`. Without a scheme, the target is
 * `https:`, or on this computer `https:` and `http:`.
 */
export function targetOf(
  scheme: string | undefined,
  authority: string,
  path = "",
): Target | undefined {
  requirePlain(path, "path");
  const known = schemes.get(scheme?.toLowerCase() ?? "https");
  if (known === undefined) return undefined;
  const url = parseAuthority(known, authority);
  const isHere = isLoopback(url.hostname);
  if (known === "http" && !isHere) return undefined;
  const origins: [string, ...string[]] = [url.origin];
  if (scheme === undefined && isHere) origins.push(parseAuthority("http", authority).origin);
  return { origins, ...(path === "" ? {} : { path }) };
}

/** The same for a URL, or a host with or without a path. */
export function targetOfText(text: string): Target | undefined {
  if (hasScheme(text)) return targetOfUrl(text);
  const [authority = "", ...path] = text.split("/");
  return targetOf(undefined, authority, path.join("/"));
}

/** Whether a credential for the URL `host` may be sent to `target`. */
export function isFor(target: Target, host: string): boolean {
  const origin = URL.parse(host)?.origin;
  return origin !== undefined && target.origins.includes(origin);
}

/**
 * The URL Standard accepts other spellings of a host (of IPv4 addresses, with percent signs or backslashes), and
 * each tool accepts different ones. Only a host that URL parsing leaves unchanged, except for case, is the same
 * for every parser.
 */
function parseAuthority(scheme: string, authority: string): URL {
  const [, host = "", port = ""] = /^(\[[\da-f:.]+\]|[^[\]:]+)(:\d{1,5})?$/iu.exec(authority) ?? [];
  const isName = /^[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)*\.?$/u.test(host);
  const url = isName || host.startsWith("[") ? URL.parse(`${scheme}://${host}${port}`) : undefined;
  if (!url || (isName && !isSameName(host, url.hostname))) {
    throw new FobError("usage", `${named(authority)} is not a supported host name`);
  }
  return url;
}

/** A Unicode name must be in the form that every version of IDNA converts to the same Punycode. */
function isSameName(name: string, hostname: string): boolean {
  if (/^\p{ASCII}+$/u.test(name)) return name.toLowerCase() === hostname;
  return name.normalize("NFKC") === name && !/[ßẞς\u200c\u200d]/u.test(name);
}

/** The host for a message, without the part before an `@`, which may be a password. */
function named(authority: string): string {
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return host !== "" && isPlain(host) ? `"${printable(host, 80)}"` : "The requested host";
}
