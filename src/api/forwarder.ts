import { FobError } from "../errors.ts";
import { refusedPause } from "../limits.ts";
import { present } from "../present.ts";
import type { Secret } from "../secret.ts";
import type { Received, StreamingFetch } from "../system/transfer.ts";
import type { AccessToken } from "../tokens/token.ts";
import type { TokenSource } from "../tokens/token_source.ts";
import { describeAddress, isAt } from "./address.ts";
import { type ForwardBody, forwardBody } from "./forward_body.ts";
import { answerHeaders, hasKey, requestHeaders } from "./forward_headers.ts";

export interface ForwardNeeds {
  /** The API that the tokens are for: its origin and base path. */
  readonly api: URL;
  readonly source: Pick<TokenSource, "current">;
  /** The key that a request must contain instead of a token. */
  readonly key: Secret;
  readonly fetch: StreamingFetch;
  /** Returns the value of the `Authorization` header for a token. */
  readonly authorization: (token: AccessToken) => string;
  readonly clock: { now(): number };
  readonly notice: (text: string) => void;
  readonly trace: (text: string) => void;
}

/** Methods that fetch cannot send. */
const unsupportedMethods = ["CONNECT", "TRACE", "TRACK"];

/**
 * Forwards requests to one API with a token instead of the key, and streams the responses back. If the API
 * refuses the token with 401 or 403, the request is sent once more with a newer token, if one exists and the
 * body can be sent again. Redirects are returned to the caller.
 */
export class Forwarder {
  readonly #needs: ForwardNeeds;
  /** Until this time, in milliseconds since the epoch, no new token is forced. */
  #resting = 0;

  constructor(needs: ForwardNeeds) {
    this.#needs = needs;
  }

  /** `base`: the local URL of the whole API, without a slash at its end. */
  async answer(request: Request, base: string): Promise<Response> {
    const { key, api } = this.#needs;
    if (!hasKey(request.headers, key)) return refusal(401, "The key is missing or wrong");
    if (request.url.includes(key.reveal())) {
      return refusal(400, "Send the key in a header, not in the URL");
    }
    const unsupported = whyUnsupported(request);
    if (unsupported !== undefined) return refusal(501, unsupported);
    const url = URL.parse(
      `${api.origin}${pathOf(api)}${new URL(request.url).href.slice(base.length)}`,
    );
    if (url === null || !isAt(api, url)) return refusal(400, "The URL is not at the API");
    const body = await forwardBody(request).catch(() => "cut off" as const);
    if (body === "cut off") return refusal(400, "The request body is incomplete");
    try {
      return answered(await this.#send(request, url, body), url, api, base);
    } catch (error) {
      if (error instanceof FobError) return failure(error);
      throw error;
    }
  }

  async #send(request: Request, url: URL, body: ForwardBody | undefined): Promise<Received> {
    const token = await this.#needs.source.current();
    const answer = await this.#sendWith(token, request, url, body?.sent);
    if (![401, 403].includes(answer.status)) return answer;
    // Refreshes also if this request cannot be sent again, for the next request.
    const newer = await this.#newer(token);
    const again = body?.again();
    if (newer === undefined || (body !== undefined && again === undefined)) return answer;
    await answer.body?.cancel();
    const second = await this.#sendWith(newer, request, url, again);
    const { clock } = this.#needs;
    if ([401, 403].includes(second.status)) this.#resting = clock.now() + refusedPause;
    return second;
  }

  /** A token other than `refused`; `undefined` if there is none. */
  async #newer(refused: AccessToken): Promise<AccessToken | undefined> {
    const { source, clock, notice } = this.#needs;
    try {
      const current = await source.current();
      if (!current.token.equals(refused.token)) return current;
      if (clock.now() < this.#resting) return undefined;
      const forced = await source.current({ force: true });
      if (!forced.token.equals(refused.token)) return forced;
    } catch (error) {
      if (!(error instanceof FobError)) throw error;
      notice(error.message);
    }
    this.#resting = clock.now() + refusedPause;
    return undefined;
  }

  /** The only code that puts a token into a request. */
  async #sendWith(
    token: AccessToken,
    { method, headers }: Request,
    url: URL,
    body: ForwardBody["sent"] | undefined,
  ): Promise<Received> {
    const { fetch, key, authorization, clock, trace } = this.#needs;
    const started = clock.now();
    const answer = await fetch(url, {
      method,
      headers: requestHeaders(headers, key, authorization(token)),
      ...present({ body }),
    });
    const took = clock.now() - started;
    trace(`${method} ${describeAddress(url)}: HTTP ${answer.status} after ${took} ms`);
    return answer;
  }
}

/** Why a request cannot be forwarded; `undefined` if it can. */
function whyUnsupported({ method, headers }: Request): string | undefined {
  if (unsupportedMethods.includes(method)) return `${method} is not supported`;
  if (headers.has("upgrade") && /websocket/i.test(headers.get("upgrade") ?? "")) {
    return "WebSockets are not supported";
  }
  // The server decodes only the chunked encoding (RFC 9112 section 6.1).
  if (!/^chunked$/i.test(headers.get("transfer-encoding") ?? "chunked")) {
    return "The only supported transfer encoding is chunked";
  }
  const hasBody = headers.has("transfer-encoding") || Number(headers.get("content-length")) > 0;
  return hasBody && ["GET", "HEAD"].includes(method)
    ? `${method} with a body is not supported`
    : undefined;
}

/** The base path of the API, without the slash at its end. */
function pathOf({ pathname }: URL): string {
  return pathname.replace(/\/$/, "");
}

/** The response for the caller. A redirect within the API points to the local URL. */
function answered(answer: Received, url: URL, api: URL, base: string): Response {
  const { status, statusText, body } = answer;
  const headers = answerHeaders(answer.headers);
  const location = headers.get("location");
  if (location !== null) headers.set("location", relocated(location, url, api, base));
  const isEmpty = [204, 205, 304].includes(status);
  if (isEmpty) body?.cancel().catch(() => {});
  return new Response(isEmpty ? null : body, { status, statusText, headers });
}

function relocated(location: string, url: URL, api: URL, base: string): string {
  const target = URL.parse(location, url.href);
  const start = `${api.origin}${pathOf(api)}/`;
  if (target === null || !target.href.startsWith(start)) return target?.href ?? location;
  return `${base}/${target.href.slice(start.length)}`;
}

/** The response for a failed request, in the form that the clients of most APIs print. */
function failure({ code, message }: FobError): Response {
  const status = ["not_signed_in", "sign_in_again"].includes(code) ? 401 : 503;
  return refusal(status, `fob: ${message}`, code);
}

function refusal(status: number, message: string, code = "failed"): Response {
  return Response.json({ error: { code, message } }, { status });
}
