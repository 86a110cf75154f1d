import { FobError } from "../../errors.ts";
import { interruption } from "../interruption.ts";
import { type Outcome, pageHeaders, resultPage } from "./result_page.ts";

/** The redirect URI that a client is registered with, for servers that accept no other. */
export interface RegisteredRedirect {
  /** RFC 8252 section 8.3 advises against `localhost`: it may be either of two addresses. */
  readonly hostname: "127.0.0.1" | "localhost";
  /** `""` for a URI without a path. The callback may then arrive at any path. */
  readonly path: "" | `/${string}`;
  /** Tried in order. */
  readonly ports: readonly number[];
}

export interface LoopbackRedirectOptions {
  /** The `state` parameter of the expected callback. */
  readonly state: string;
  /** By default, any free port of 127.0.0.1. */
  readonly registered?: RegisteredRedirect;
  /** Milliseconds that a page waits for {@link LoopbackRedirect.finish} before it shows "pending". */
  readonly pageLimit?: number;
  /** Ends the wait, with its reason. */
  readonly signal?: AbortSignal;
}

const anyFreePort: RegisteredRedirect = { hostname: "127.0.0.1", path: "/callback", ports: [0] };
/** Milliseconds to wait until every page is written to its connection. */
const handOverLimit = 2_000;
/** Milliseconds for the connection to send it; one turn of the event loop is enough. */
const flushTime = 50;

/**
 * Listens on loopback for the callback of a sign-in, RFC 8252 section 7.3. Any program or web page can send
 * requests to the port, so it accepts only a GET of the redirect URI with the right Host (against DNS
 * rebinding) and `state`. It answers every other request with an error.
 */
export class LoopbackRedirect implements AsyncDisposable {
  /** The redirect URI: the registered one, else on 127.0.0.1 as RFC 8252 section 8.3 recommends. */
  readonly uri: string;
  /** The parameters of the callback. Rejects when the signal ends the wait. */
  readonly callback: Promise<URLSearchParams>;
  readonly #options: LoopbackRedirectOptions;
  readonly #servers: readonly LoopbackServer[];
  readonly #arrived = Promise.withResolvers<URLSearchParams>();
  readonly #finished = Promise.withResolvers<Outcome>();
  readonly #pages: Promise<void>[] = [];
  readonly #stop = new AbortController();

  /** Starts to listen. Throws `io_failed` if no port is free. */
  constructor(options: LoopbackRedirectOptions) {
    this.#options = options;
    const { hostname, path, ports } = options.registered ?? anyFreePort;
    const { port, servers } = serveOnFreePort(
      hostname,
      ports,
      (request, info) => this.#answer(request, info.completed),
    );
    this.#servers = servers;
    this.uri = `http://${hostname}:${port}${path}`;
    this.callback = this.#arrived.promise;
    this.callback.catch(() => {});
    this.#endWith(options.signal);
  }

  /** Sets the outcome that every page shows. Later calls have no effect. */
  finish(outcome: Outcome): void {
    this.#finished.resolve(outcome);
  }

  /** Sends the pending pages, then drops every connection, also unfinished ones. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.finish({ outcome: "failed", reason: "The sign-in ended", kept: "nothing" });
    await within(handOverLimit, Promise.allSettled(this.#pages));
    if (this.#pages.length > 0) await new Promise((resolve) => setTimeout(resolve, flushTime));
    this.#stop.abort();
    await Promise.all(this.#servers.map(stop));
  }

  #endWith(signal: AbortSignal | undefined): void {
    const end = () => signal && this.#arrived.reject(interruption(signal));
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end, { once: true, signal: this.#stop.signal });
  }

  async #answer(request: Request, completed: Promise<void>): Promise<Response> {
    const headers = await pageHeaders();
    const refusal = this.#refusal(request);
    if (refusal !== undefined) {
      const [status, text] = refusal;
      const type = { "content-type": "text/plain; charset=utf-8", allow: "GET" };
      return new Response(`${text}\n`, { status, headers: { ...headers, ...type } });
    }
    this.#arrived.resolve(new URL(request.url).searchParams);
    this.#pages.push(completed.catch(() => {}));
    const limit = this.#options.pageLimit ?? 10_000;
    const outcome = await within(limit, this.#finished.promise) ?? { outcome: "pending" };
    const type = { "content-type": "text/html; charset=utf-8" };
    return new Response(resultPage(outcome), { headers: { ...headers, ...type } });
  }

  /** Status and text for a request that is not the callback; `undefined` for the callback. Echoes no input. */
  #refusal(request: Request): readonly [number, string] | undefined {
    const authority = new URL(this.uri).host;
    if (request.headers.get("host") !== authority) return [403, "This port is for fob only."];
    const url = URL.parse(request.url);
    if (url?.host !== authority) return [403, "This port is for fob only."];
    if (!isAtRedirect(url, this.uri)) return [404, "Not found."];
    if (request.method !== "GET") return [405, "Only GET is allowed."];
    const states = url.searchParams.getAll("state");
    const answered = url.searchParams.has("code") || url.searchParams.has("error");
    if (states.length === 1 && states[0] === this.#options.state && answered) return undefined;
    return [400, "This request does not belong to the current sign-in."];
  }
}

/** Whether `url` matches `redirectUri`. Any path matches a redirect URI without a path. */
export function isAtRedirect(url: URL, redirectUri: string): boolean {
  return redirectUri === url.origin || redirectUri === `${url.origin}${url.pathname}`;
}

/** A listener. `end` stops it and drops all its connections. */
interface LoopbackServer {
  readonly http: Deno.HttpServer<Deno.NetAddr>;
  readonly end: AbortController;
}

/** Does not use shutdown(), which waits until every client has finished its request. */
async function stop({ http, end }: LoopbackServer): Promise<void> {
  end.abort();
  await http.finished;
}

function serveOnFreePort(
  hostname: RegisteredRedirect["hostname"],
  ports: readonly number[],
  handler: Deno.ServeHandler<Deno.NetAddr>,
): { port: number; servers: LoopbackServer[] } {
  const servers: LoopbackServer[] = [];
  for (const wanted of ports) {
    const server = serveAt("127.0.0.1", wanted, handler);
    if (server === undefined) continue;
    servers.push(server);
    const { port } = server.http.addr;
    if (hostname === "127.0.0.1" || !hasIpv6()) return { port, servers };
    const second = serveAt("::1", port, handler);
    if (second !== undefined) return { port, servers: [...servers, second] };
    // Another program listens on ::1, and a browser might send the code to it.
    server.end.abort();
  }
  const tried = ports.join(", ");
  throw new FobError(
    "io_failed",
    `Cannot listen for the sign-in callback: no free port (tried ${tried})`,
  );
}

/** Whether this computer has `::1`. */
function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

/** `undefined` if the port is in use, or reserved by Windows. */
function serveAt(
  hostname: "127.0.0.1" | "::1",
  port: number,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): LoopbackServer | undefined {
  const end = new AbortController();
  const options = { hostname, port, signal: end.signal, onListen: () => {}, onError };
  try {
    return { http: Deno.serve(options, handler), end };
  } catch (error) {
    const { AddrInUse, PermissionDenied } = Deno.errors;
    if (error instanceof AddrInUse || error instanceof PermissionDenied) return undefined;
    throw error;
  }
}

function onError(): Response {
  return new Response("Internal error.\n", { status: 500 });
}

/** The value of `promise`, or `undefined` after `limit` milliseconds. */
async function within<T>(limit: number, promise: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), limit);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
