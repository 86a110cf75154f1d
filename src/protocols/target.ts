import { FobError } from "../errors.ts";
import { hasScheme, isLoopback } from "../text/address.ts";
import { printable } from "../text/printable.ts";
import { isPlain, requirePlain } from "./plain_text.ts";

/** Where a tool will send what it asks for. */
export interface Target {
  /**
   * The origins that the tool may mean, as the URL Standard writes them: `https:`, or `http:` to this
   * computer. Two where it named a port of this computer and no scheme. What is kept is kept for the first.
   */
  readonly origins: readonly [string, ...string[]];
  /** What follows the host, as the tool wrote it, without the slash at its start; absent where nothing does. */
  readonly path?: string;
}

/** Schemes by what their connections are: with TLS or without. */
const schemes: ReadonlyMap<string, "https" | "http"> = new Map([
  ["https", "https"],
  ["grpcs", "https"],
  ["http", "http"],
  ["grpc", "http"],
]);

/**
 * The target of the address `url`; `undefined` where no credential may go: another scheme, or plain
 * `http:` to another computer.
 *
 * @throws {FobError} `usage` for what is no address of a host, which includes one with a user in it.
 */
export function targetOfUrl(url: string): Target | undefined {
  const [, scheme, authority = "", path = ""] =
    /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)\/?(.*)$/iu.exec(url) ?? [];
  if (scheme === undefined) throw new FobError("usage", "What was asked for is not an address");
  return targetOf(scheme, authority, path);
}

/**
 * The same for `authority`, a host with or without a port, and the `path` below it. A host without a
 * scheme is reached by `https:`, or, on this computer, by either.
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

/** The same for what may be an address or a host alone, with a path or without. */
export function targetOfText(text: string): Target | undefined {
  if (hasScheme(text)) return targetOfUrl(text);
  const [authority = "", ...path] = text.split("/");
  return targetOf(undefined, authority, path.join("/"));
}

/** Whether what belongs to the address `host` may be sent to `target`. */
export function isFor(target: Target, host: string): boolean {
  const origin = URL.parse(host)?.origin;
  return origin !== undefined && target.origins.includes(origin);
}

/**
 * The URL Standard forgives much (other spellings of IPv4 addresses, percent signs, backslashes), and the
 * tool that asks forgives other things. Only a host that it leaves as it is, but for capitals, means the
 * same to everybody.
 */
function parseAuthority(scheme: string, authority: string): URL {
  const [, host = "", port = ""] = /^(\[[\da-f:.]+\]|[^[\]:]+)(:\d{1,5})?$/iu.exec(authority) ?? [];
  const isName = /^[\p{L}\p{M}\p{N}_-]+(\.[\p{L}\p{M}\p{N}_-]+)*\.?$/u.test(host);
  const url = isName || host.startsWith("[") ? URL.parse(`${scheme}://${host}${port}`) : undefined;
  if (!url || (isName && !isSameName(host, url.hostname))) {
    throw new FobError("usage", `${named(authority)} is no host that fob answers for`);
  }
  return url;
}

/** A name in Unicode has to be in the form that all versions of IDNA take for the same Punycode. */
function isSameName(name: string, hostname: string): boolean {
  if (/^\p{ASCII}+$/u.test(name)) return name.toLowerCase() === hostname;
  return name.normalize("NFKC") === name && !/[ßẞς\u200c\u200d]/u.test(name);
}

/** What is before an `@` may be a password. */
function named(authority: string): string {
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return host !== "" && isPlain(host) ? `"${printable(host, 80)}"` : "What was asked for";
}
