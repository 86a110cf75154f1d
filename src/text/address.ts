import { printable } from "./printable.ts";

/** Whether `text` starts with a scheme and `//`, RFC 3986 section 3. */
export function hasScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/**
 * The address in `text`; `scheme` is that of a text without one. `undefined` for text that is no address, or has
 * blanks or control characters in it: `URL` would drop or encode them, and mean another address than the
 * reader of `text`.
 */
export function parseAddress(text: string, scheme: "https" | "http" = "https"): URL | undefined {
  if (/[\p{C}\s]/u.test(text)) return undefined;
  return URL.parse(hasScheme(text) ? text : `${scheme}://${text}`) ?? undefined;
}

/** Whether `hostname`, as `URL` writes it, is this computer (RFC 6761 section 6.3, RFC 1122, RFC 4291). */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Whether a token may be sent to `url`: by `https:`, or by `http:` to this computer (RFC 8252 section 8.3). */
export function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

/** Whether `url` has a user name or a password in it. */
export function hasCredentials({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}

/** The origin of the address in `text`; `undefined` if it is not secure, or has credentials in it. */
export function secureOrigin(text: string): string | undefined {
  const url = parseAddress(text);
  return url !== undefined && isSecure(url) && !hasCredentials(url) ? url.origin : undefined;
}

/** The origin of the address in `text`; `undefined` if it is no address of the web. */
export function webOrigin(text: string): string | undefined {
  const url = parseAddress(text);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.origin : undefined;
}

/** An address that a person typed or a file has, for a message. What is before an `@` may be a password. */
export function shownAddress(text: string): string {
  return printable(text.includes("@") ? `…${text.slice(text.lastIndexOf("@"))}` : text, 200);
}

/** The same for text that may be the name of a profile, which may have an `@` in it but no `:`. */
export function shownName(text: string): string {
  return /:[^]*@/.test(text) ? shownAddress(text) : printable(text, 80);
}
