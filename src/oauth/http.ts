import { FobError } from "../errors.ts";
import { requestLimit } from "../limits.ts";
import { present } from "../present.ts";
import { foreignText } from "../text/printable.ts";
import { interruption } from "./interruption.ts";

/** A fetch with a time limit and a size limit for the response. */
export type BoundedFetch = (url: string, init: FetchInit) => Promise<Response>;

/** The part of `RequestInit` that oauth4webapi uses. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly body?: BodyInit | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BoundedFetchOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The version of fob, for the `User-Agent` header. */
  readonly version?: string;
  /** Milliseconds for the whole answer, its body too. */
  readonly timeLimit?: number;
}

/** The reason that {@link unreachable} marks with the fact `network`: a retry may succeed. */
const closed = "the connection was closed";
/** Maximum size of a response body in bytes, after decompression. */
const bodyLimit = 1_048_576;

/**
 * A fetch for oauth4webapi. It follows no redirect, because its requests contain tokens and codes. It reads
 * the whole body before it returns, so that it throws every network error itself: `provider_unreachable`,
 * with the fact `network` if the server closed the connection; `provider_answer_invalid` for a body above
 * 1 MiB; or the reason of `init.signal`.
 */
export function boundedFetch(options: BoundedFetchOptions): BoundedFetch {
  const { version, timeLimit = requestLimit } = options;

  async function fetchWithin(url: string, init: FetchInit): Promise<Response> {
    const timeUp = new AbortController();
    const timer = setTimeout(() => timeUp.abort(), timeLimit);
    const { method = "GET", body } = init;
    const signals = init.signal ? [init.signal, timeUp.signal] : [timeUp.signal];
    const headers = new Headers(init.headers);
    if (version !== undefined) headers.set("user-agent", `fob/${version}`);
    const origin = new URL(url).origin;
    try {
      const response = await options.fetch(url, {
        method,
        headers,
        redirect: "manual",
        signal: AbortSignal.any(signals),
        ...present({ body }),
      });
      return await readWhole(response, origin);
    } catch (error) {
      if (error instanceof FobError) throw error;
      if (init.signal?.aborted) throw interruption(init.signal);
      if (!timeUp.signal.aborted) throw unreachable(error, origin);
      const why = `timed out after ${timeLimit / 1000} seconds`;
      throw new FobError("provider_unreachable", `Cannot reach "${origin}": ${why}`, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  return fetchWithin;
}

/** The `provider_unreachable` error for an error of `fetch` or of a response body. */
export function unreachable(error: unknown, origin: string): FobError {
  const why = networkFault(error);
  return new FobError("provider_unreachable", `Cannot reach "${origin}": ${why}`, {
    cause: error,
    ...(why === closed ? { facts: { network: "closed" } } : {}),
  });
}

/** The same response with its body in memory. Counts the bytes, because Content-Length may be wrong. */
async function readWhole(response: Response, origin: string): Promise<Response> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > bodyLimit) {
      throw new FobError(
        "provider_answer_invalid",
        `"${origin}" answered HTTP ${response.status} with a body larger than 1 MiB`,
      );
    }
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  return new Response(size === 0 ? undefined : new Blob(chunks), { status, statusText, headers });
}

/** Why a request failed. Deno gives the reason only as text, after the URL, which may contain any word. */
function networkFault(error: unknown): string {
  const text = rootMessage(error).replace(/^.*client error \(\w+\): /s, "");
  const certificate = /invalid peer certificate: .*/.exec(text);
  if (certificate !== null) return `TLS failed: ${foreignText(certificate[0])}`;
  if (/corrupt message|handshake|tls/i.test(text)) {
    return "TLS failed: the server did not answer with TLS";
  }
  if (/dns error|failed to lookup/i.test(text)) return "could not resolve the host name";
  if (/connection refused/i.test(text)) return "the connection was refused";
  if (/closed|reset|broken pipe|unexpected eof|reading a body|incomplete/i.test(text)) {
    return closed;
  }
  if (/unreachable/i.test(text)) return "the network is unreachable";
  if (/HTTP version|invalid HTTP/i.test(text)) return "the response is not HTTP";
  return foreignText(text);
}

function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : rootMessage(error.cause);
}
