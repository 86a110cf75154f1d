import { FobError } from "../errors.ts";
import type { Received, RequestBody, StreamingFetch } from "../system/transfer.ts";
import { describeAddress, isAt } from "./address.ts";

/** A request to an API, without the token. */
export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body?: RequestBody;
}

/** The result of a request. */
export interface ApiAnswer {
  readonly response: Received;
  /** The URL after the last redirect. */
  readonly url: URL;
  /** Why a redirect or a retry was not sent. */
  readonly fault?: FobError;
}

export interface ApiRequestNeeds {
  readonly fetch: StreamingFetch;
  /** Returns the value of `Authorization`; with `fresh`, for a new token if possible. */
  readonly authorization: (fresh: boolean) => Promise<string>;
  readonly clock: { now(): number };
  readonly trace: (text: string) => void;
}

/** The most redirects that are followed. */
const redirectLimit = 5;

/** The headers that a request without a body does not have (Fetch, HTTP-redirect fetch). */
const bodyHeaders = ["content-encoding", "content-language", "content-location", "content-type"];

/**
 * Sends requests with the token of one login, only to the origin of `api`. Refreshes the token once if the
 * server refuses it with 401. Follows redirects within the origin.
 */
export class ApiSender {
  readonly #api: URL;
  readonly #needs: ApiRequestNeeds;
  #authorization: string | undefined;
  #isRenewed = false;

  constructor(api: URL, needs: ApiRequestNeeds) {
    this.#api = api;
    this.#needs = needs;
  }

  /** @throws {FobError} `provider_unreachable`; the errors of getting a token. */
  async send(first: ApiRequest): Promise<ApiAnswer> {
    let request = first;
    for (let redirects = 0;; redirects++) {
      const answer = await this.#sendWithFreshToken(request);
      if (answer.fault !== undefined) return answer;
      const next = followed(request, answer.response, this.#api);
      if (next === undefined) return answer;
      if (next instanceof FobError) return { ...answer, fault: next };
      if (redirects === redirectLimit) {
        const text = `"${this.#api.origin}" redirects more than ${redirectLimit} times`;
        return { ...answer, fault: new FobError("api_refused", text) };
      }
      await answer.response.body?.cancel();
      request = next;
    }
  }

  async #sendWithFreshToken(request: ApiRequest): Promise<ApiAnswer> {
    const { url } = request;
    const response = await this.#sendOnce(request);
    if (response.status !== 401 || this.#isRenewed) return { response, url };
    const refused = this.#authorization;
    this.#isRenewed = true;
    this.#authorization = await this.#needs.authorization(true);
    if (this.#authorization === refused) return { response, url };
    if (request.body?.repeatable === false) {
      const text = `${
        refusal(url, 401)
      }. The token was refreshed, but the request body cannot be read again`;
      return {
        response,
        url,
        fault: new FobError("api_refused", text, { facts: { body: "spent" } }),
      };
    }
    await response.body?.cancel();
    return { response: await this.#sendOnce(request), url };
  }

  /** The only code that puts the token into a request. */
  async #sendOnce({ method, url, headers: given, body }: ApiRequest): Promise<Received> {
    const { fetch, authorization, clock, trace } = this.#needs;
    if (!isAt(this.#api, url)) {
      throw new FobError("failed", `"${describeAddress(url)}" is not at "${this.#api.origin}"`);
    }
    this.#authorization ??= await authorization(false);
    const headers = new Headers(given);
    headers.set("authorization", this.#authorization);
    const started = clock.now();
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: await body.open() }),
    });
    const shown = `${describeAddress(url)}${url.search === "" ? "" : "?..."}`;
    trace(`${method} ${shown}: HTTP ${response.status} after ${clock.now() - started} ms`);
    return response;
  }
}

/** The message for an error response of `url`. */
export function refusal(url: URL, status: number): string {
  return `"${describeAddress(url)}" answered HTTP ${status}`;
}

/**
 * The request after a redirect (RFC 9110 section 15.4); an error if it must not be sent; `undefined` without
 * one.
 */
function followed(
  request: ApiRequest,
  { status, headers }: Received,
  api: URL,
): ApiRequest | FobError | undefined {
  const location = headers.get("location");
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return undefined;
  const url = URL.parse(location, request.url.href);
  const from = describeAddress(request.url);
  if (url === null) return new FobError("api_refused", `"${from}" redirects to an invalid URL`);
  if (!isAt(api, url)) {
    return new FobError(
      "api_refused",
      `"${from}" redirects to "${describeAddress(url)}", so the token is not sent`,
      { facts: { redirect: url.host } },
    );
  }
  const { method, headers: sent, body } = request;
  const becomesGet = status === 303
    ? !["GET", "HEAD"].includes(method)
    : status < 303 && method === "POST";
  if (becomesGet) {
    const rest = [...sent].filter(([name]) => !bodyHeaders.includes(name));
    return { method: "GET", url, headers: new Headers(rest) };
  }
  if (body?.repeatable !== false) return { ...request, url };
  return new FobError(
    "api_refused",
    `"${from}" redirects to "${describeAddress(url)}", but the request body cannot be read again`,
  );
}
