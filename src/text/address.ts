import { printable } from "./printable.ts";

/** Whether `text` starts with a scheme and `//`, RFC 3986 section 3. */
export function hasScheme(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/**
 * Parses the address in `text`; `scheme` is the default scheme. Returns `undefined` for an invalid address, and for
 * text with blanks or control characters: `URL` would remove or encode them, so that the address would differ from
 * what the user sees.
 */
export function parseAddress(text: string, scheme: "https" | "http" = "https"): URL | undefined {
  if (/[\p{C}\s]/u.test(text)) return undefined;
  return URL.parse(hasScheme(text) ? text : `${scheme}://${text}`) ?? undefined;
}

/** Whether `hostname`, as `URL` writes it, is this computer (RFC 6761 section 6.3, RFC 1122, RFC 4291). */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Whether a token may be sent to `url`: with `https:`, or with `http:` to this computer (RFC 8252 section 8.3). */
export function isSecure({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

/** Whether `url` contains a user name or a password. */
export function hasCredentials({ username, password }: URL): boolean {
  return username !== "" || password !== "";
}

/** Returns the origin of the address in `text`, or `undefined` if it is not secure or contains credentials. */
export function secureOrigin(text: string): string | undefined {
  const url = parseAddress(text);
  return url !== undefined && isSecure(url) && !hasCredentials(url) ? url.origin : undefined;
}

/** Returns the origin of the address in `text`, or `undefined` if it is not an `http:` or `https:` address. */
export function webOrigin(text: string): string | undefined {
  const url = parseAddress(text);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.origin : undefined;
}

/** Formats an address from a user or a file for a message. Removes the text before an `@`, which may be a password. */
export function shownAddress(text: string): string {
  return printable(text.includes("@") ? `…${text.slice(text.lastIndexOf("@"))}` : text, 200);
}

/** Like {@link shownAddress}, for text that may be a profile name: a name can contain `@` but not `:`. */
export function shownName(text: string): string {
  return /:[^]*@/.test(text) ? shownAddress(text) : printable(text, 80);
}
