import { FobError } from "../errors.ts";
import { hasCredentials, hasScheme } from "../text/address.ts";

/**
 * Returns the URL for `path`: below the path of the API, or a URL of the same origin.
 *
 * @throws {FobError} `usage` for another origin, because the token must not be sent there.
 */
export function apiAddress(path: string, api: URL): URL {
  if (/\p{Cc}/u.test(path)) throw unreadable("it contains control characters");
  if (path.includes("#")) throw unreadable('write "#" as %23');
  const isWhole = hasScheme(path);
  const start = `${api.origin}${api.pathname.replace(/\/$/, "")}`;
  const url = URL.parse(isWhole ? path : `${start}/${path.replace(/^\//, "")}`);
  if (url === null) throw unreadable("it is not a valid URL");
  if (isAt(api, url)) return url;
  if (hasCredentials(url)) throw unreadable("it contains credentials");
  throw new FobError(
    "usage",
    `"${describeAddress(url)}" is not at "${api.origin}", the only host that the token is sent to`,
  );
}

function unreadable(why: string): FobError {
  return new FobError("usage", `Invalid PATH: ${why}`);
}

/** Whether the token may be sent to `url`: it has the origin of `api`, and contains no credentials. */
export function isAt(api: URL, url: URL): boolean {
  return url.origin === api.origin && !hasCredentials(url);
}

/** `url` for a message: without its credentials and its query, which may contain a secret. */
export function describeAddress({ protocol, host, pathname }: URL): string {
  const text = host === "" ? protocol : `${protocol}//${host}${pathname}`;
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
