import { FobError } from "../errors.ts";
import type { TokenPages } from "../providers/platform.ts";
import type { Received, Transfer } from "../system/transfer.ts";
import { nextPage } from "./pages.ts";
import { type ApiRequest, type ApiRequestNeeds, ApiSender, refusal } from "./sender.ts";

/** A request, and how to print the response. */
export interface ApiCall extends ApiRequest {
  /** The API that the token is for. */
  readonly api: URL;
  /** Whether to print the status and the headers before the body. */
  readonly include: boolean;
  /** Whether to request all pages, one after the other. */
  readonly paginate: boolean;
  /** How the platform names the next page in the body, if it does. */
  readonly pages?: TokenPages;
}

export interface CallApiNeeds extends ApiRequestNeeds {
  readonly write: Transfer["write"];
}

/** The most bytes of a page that has the token of the next page in its body. */
const pageLimit = 67_108_864;

/**
 * Sends a request with the login's token, and streams the response to stdout. Pages follow each other without a
 * separator. It stops early if stdout is closed.
 *
 * @throws {FobError} `api_refused` for a status from 400 on, after its body is written, and for a redirect or a
 * page at another origin; `provider_unreachable`; `io_failed`.
 */
export async function callApi(call: ApiCall, needs: CallApiNeeds): Promise<void> {
  const sender = new ApiSender(call.api, needs);
  const asked = new Set<string>();
  for (let next: URL | undefined = call.url; next !== undefined;) {
    asked.add(next.href);
    const { response, url, fault } = await sender.send({ ...call, url: next });
    const pages = call.paginate ? call.pages : undefined;
    const text = pages === undefined ? undefined : new PageText(url);
    const isRead = await pass(response, call.include, text, needs.write);
    if (fault !== undefined) throw fault;
    const { status } = response;
    if (status >= 400) {
      throw new FobError("api_refused", refusal(url, status), { facts: { status: `${status}` } });
    }
    if (!call.paginate || !isRead) return;
    const tokens = pages && text && { pages, text: text.toString() };
    next = nextPage(response, url, call.api, tokens);
    if (next !== undefined && asked.has(next.href)) {
      throw new FobError(
        "api_refused",
        `"${url.origin}" links to a next page that fob has already fetched`,
      );
    }
  }
}

/** Writes a response; returns `false` if stdout is closed. */
async function pass(
  response: Received,
  include: boolean,
  text: PageText | undefined,
  write: Transfer["write"],
): Promise<boolean> {
  if (include && !await write(head(response))) {
    await response.body?.cancel();
    return false;
  }
  for await (const chunk of response.body ?? []) {
    text?.add(chunk);
    // Leaving the loop cancels the body.
    if (!await write(chunk)) return false;
  }
  return true;
}

/** The status line and the headers in the form of RFC 9112, for every version of HTTP. */
function head({ status, statusText, headers }: Received): Uint8Array {
  const lines = [...headers].filter(([name]) => name !== "authorization")
    .map(([name, value]) => `${name}: ${value}\r\n`);
  const text = `HTTP/1.1 ${status} ${statusText}`.trimEnd() + `\r\n${lines.join("")}\r\n`;
  // fetch decodes header bytes as Latin-1.
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Collects the text of a page, to find the token of the next page. */
class PageText {
  readonly #url: URL;
  readonly #chunks: Uint8Array<ArrayBuffer>[] = [];
  #size = 0;

  constructor(url: URL) {
    this.#url = url;
  }

  add(chunk: Uint8Array<ArrayBuffer>): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size > pageLimit) {
      throw new FobError(
        "api_refused",
        `"${this.#url.origin}" sent a page larger than 64 MiB, the limit of --paginate`,
      );
    }
  }

  toString(): string {
    const decoder = new TextDecoder();
    return this.#chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") +
      decoder.decode();
  }
}
