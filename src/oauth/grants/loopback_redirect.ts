import { FobError } from "../../errors.ts";
import { interruption } from "../interruption.ts";
import { type Outcome, pageHeaders, resultPage } from "./result_page.ts";

/** The redirect address that a client is registered with, at a server that takes no other. */
export interface RegisteredRedirect {
  /** RFC 8252 section 8.3 advises against `localhost`: it may be either of two addresses. */
  readonly hostname: "127.0.0.1" | "localhost";
  /** `""` for an address without one. The callback may come to any path then. */
  readonly path: "" | `/${string}`;
  /** Tried in turn. */
  readonly ports: readonly number[];
}

export interface LoopbackRedirectOptions {
  /** The callback that is waited for carries it. */
  readonly state: string;
  /** Any free port of the IP literal where it is absent. */
  readonly registered?: RegisteredRedirect;
  /** Milliseconds that a browser waits for {@link LoopbackRedirect.finish} before it is told to look elsewhere. */
  readonly pageLimit?: number;
  /** Ends the wait, with its reason. */
  readonly signal?: AbortSignal;
}

const anyFreePort: RegisteredRedirect = { hostname: "127.0.0.1", path: "/callback", ports: [0] };
/** Milliseconds that a page may take to be handed to the connection. */
const handOverLimit = 2_000;
/** Milliseconds that the connection then has to send it; one turn of the event loop would do. */
const flushTime = 50;

/**
 * Listens on this computer alone for the one callback of a sign-in, RFC 8252 section 7.3. Anything can
 * send requests here, every open web page included, so only a GET of the redirect address itself with the
 * right Host (against DNS rebinding) and `state` counts; the rest is answered and forgotten.
 */
export class LoopbackRedirect implements AsyncDisposable {
  /** The redirect address, on the IP literal as RFC 8252 section 8.3 wants it unless one is registered. */
  readonly uri: string;
  /** The parameters of the callback. Rejects when the signal ends the wait. */
  readonly callback: Promise<URLSearchParams>;
  readonly #options: LoopbackRedirectOptions;
  readonly #servers: readonly LoopbackServer[];
  readonly #arrived = Promise.withResolvers<URLSearchParams>();
  readonly #finished = Promise.withResolvers<Outcome>();
  readonly #pages: Promise<void>[] = [];
  readonly #stop = new AbortController();

  /** Starts to listen. Throws `io_failed` where no port is free. */
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

  /** Says how it ended, to the browser that waits and to any that comes later. The first word counts. */
  finish(outcome: Outcome): void {
    this.#finished.resolve(outcome);
  }

  /** Lets the pages go out, then drops every connection, whatever a client does. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.finish({ outcome: "failed", reason: "The sign-in has ended", kept: "nothing" });
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

  /** Why a request is not the callback; `undefined` where it is. Says nothing that the request said. */
  #refusal(request: Request): readonly [number, string] | undefined {
    const authority = new URL(this.uri).host;
    if (request.headers.get("host") !== authority) return [403, "This address is for fob alone."];
    const url = URL.parse(request.url);
    if (url?.host !== authority) return [403, "This address is for fob alone."];
    if (!isAtRedirect(url, this.uri)) return [404, "There is nothing here."];
    if (request.method !== "GET") return [405, "This address is only for a browser's GET."];
    const states = url.searchParams.getAll("state");
    const answered = url.searchParams.has("code") || url.searchParams.has("error");
    if (states.length === 1 && states[0] === this.#options.state && answered) return undefined;
    return [400, "This is not the answer to the sign-in that the terminal waits for."];
  }
}

/** Whether a browser that was sent to `redirectUri` may end at `url`. */
export function isAtRedirect(url: URL, redirectUri: string): boolean {
  return redirectUri === url.origin || redirectUri === `${url.origin}${url.pathname}`;
}

/** One listener, and what drops it with all its connections. */
interface LoopbackServer {
  readonly http: Deno.HttpServer<Deno.NetAddr>;
  readonly end: AbortController;
}

/** Not shutdown(): it waits for as long as a client keeps a request unfinished. */
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
    // Somebody else listens there, and a browser might take the code to them.
    server.end.abort();
  }
  const tried = ports.join(", ");
  throw new FobError("io_failed", `Cannot listen for the sign-in: no free port among ${tried}`);
}

/** Whether a name can lead to `::1` on this computer. */
function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

/** `undefined` where the port is taken, or set aside by the system as Windows does. */
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
  return new Response("This did not work.\n", { status: 500 });
}

/** What `promise` gives, or `undefined` after `limit` milliseconds. */
async function within<T>(limit: number, promise: Promise<T>): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), limit);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
