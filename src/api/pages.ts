import { FobError } from "../errors.ts";
import type { TokenPages } from "../providers/platform.ts";
import type { Received } from "../system/transfer.ts";
import { parseObject } from "../text/json_object.ts";
import { describeAddress, isAt } from "./address.ts";

/** One link: its target and its parameters (RFC 8288 section 3). */
const link = /<([^<>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s";,]*))?)*)/g;
const parameter = /;\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*)))?/g;

/** The target of the first link to the next page in a `Link` header. */
export function nextLink(header: string): string | undefined {
  for (const [, target, parameters = ""] of header.matchAll(link)) {
    const given = new Map<string, string>();
    for (const [, name = "", quoted, plain] of parameters.matchAll(parameter)) {
      const key = name.toLowerCase();
      if (!given.has(key)) given.set(key, quoted ?? plain ?? "");
    }
    const relations = given.get("rel")?.toLowerCase().split(/\s+/) ?? [];
    // A link with an anchor describes another resource than this response.
    if (relations.includes("next") && !given.has("anchor")) return target;
  }
  return undefined;
}

/**
 * Returns the URL of the page after `url`; `undefined` after the last page. It comes from the `Link` header or,
 * with `tokens`, from the token in the body.
 *
 * @throws {FobError} `api_refused` for a URL at another origin.
 */
export function nextPage(
  { headers }: Pick<Received, "headers">,
  url: URL,
  api: URL,
  tokens?: { readonly pages: TokenPages; readonly text: string },
): URL | undefined {
  const token = tokens === undefined ? undefined : memberOf(tokens.text, tokens.pages.member);
  if (tokens !== undefined && token !== undefined) {
    const next = new URL(url);
    next.searchParams.set(tokens.pages.parameter, token);
    return next;
  }
  const target = nextLink(headers.get("link") ?? "");
  if (target === undefined) return undefined;
  const next = URL.parse(target, url.href);
  if (next !== null && isAt(api, next)) return next;
  const where = next === null ? "has an invalid URL" : `is at "${describeAddress(next)}"`;
  throw new FobError(
    "api_refused",
    `The page after "${describeAddress(url)}" ${where}, so the token is not sent`,
  );
}

function memberOf(text: string, member: string): string | undefined {
  const object = parseObject(text) ?? {};
  const token = Object.hasOwn(object, member) ? object[member] : undefined;
  return typeof token === "string" && token !== "" ? token : undefined;
}
