import { type Fault, faultyAnswer } from "../stores/fault.ts";

/** A response, and whether the request succeeded. */
export interface Answer {
  readonly response: Response;
  readonly ok: boolean;
  /** The grant type, at a token endpoint, without its URN. */
  readonly grant?: string;
  /** The principal of the request's credential, if it was valid. */
  readonly principal?: string;
}

export interface LoopbackServerOptions {
  /** Any free port by default. */
  readonly port?: number;
  /** The base of the server's clock, in milliseconds since the epoch. */
  readonly now?: () => number;
}

type Serve = (request: Request, completed: Promise<void>) => Promise<Response>;

interface Listener {
  readonly http: Deno.HttpServer<Deno.NetAddr>;
  readonly end: AbortController;
}

/** An HTTP server on one loopback port, with its own clock, and routes that can be made to fail. */
export class LoopbackServer<Route extends string> {
  readonly origin: string;
  readonly #serve: Serve;
  readonly #port: number;
  readonly #realNow: () => number;
  readonly #faults = new Map<Route, { readonly fault: Fault; left: number }>();
  readonly #working = new Set<Promise<Response>>();
  readonly #closed = Promise.withResolvers<void>();
  #listener: Listener;
  #clockOffset = 0;

  constructor(serve: Serve, { port = 0, now = Date.now }: LoopbackServerOptions = {}) {
    this.#serve = serve;
    this.#realNow = now;
    this.#listener = this.#listen(port);
    this.#port = this.#listener.http.addr.port;
    this.origin = `http://127.0.0.1:${this.#port}`;
  }

  /** Closes at once, without pending responses, after the running handlers have finished. */
  async close(): Promise<void> {
    const shutting = shut(this.#listener);
    this.#closed.resolve();
    await shutting;
    await Promise.allSettled(this.#working);
  }

  /** Makes `route` fail for its next `times` requests; `undefined` repairs it. */
  async fault(route: Route, fault: Fault | undefined, times = Infinity): Promise<void> {
    const before = this.#faults.get(route)?.fault;
    if (fault === undefined) this.#faults.delete(route);
    else this.#faults.set(route, { fault, left: times });
    if (fault === "refuse") await shut(this.#listener);
    else if (before === "refuse") this.#listener = this.#listen(this.#port);
  }

  isAbsent(route: Route): boolean {
    return this.#faults.get(route)?.fault === "absent";
  }

  /** The answer of `act` at `route`, modified by the fault of the route. */
  async answer(route: Route, act: () => Promise<Answer> | Answer): Promise<Answer> {
    const fault = this.#takeFault(route);
    if (fault === undefined) return await act();
    const isDone = ["lost", "mute", "other"].includes(fault);
    const done = isDone ? await act() : undefined;
    const response = await faultyAnswer(fault, this.#closed.promise);
    return { ok: false, ...done, response };
  }

  /** Shifts the clock. */
  clock(offsetSeconds: number): void {
    this.#clockOffset = offsetSeconds * 1000;
  }

  /** Milliseconds since the epoch, by the server's clock. */
  now(): number {
    return this.#realNow() + this.#clockOffset;
  }

  /** Waits `milliseconds`, or until the server closes. */
  async pause(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    await Promise.race([promise, this.#closed.promise]);
    clearTimeout(timer);
  }

  #listen(port: number): Listener {
    const end = new AbortController();
    const options = {
      hostname: "127.0.0.1",
      port,
      signal: end.signal,
      onListen: (): void => {},
      onError: (): Response => new Response("Internal Server Error", { status: 500 }),
    };
    const http = Deno.serve(options, (request, { completed }) => {
      const work = this.#work(request, completed);
      this.#working.add(work);
      return work.finally(() => this.#working.delete(work));
    });
    return { http, end };
  }

  async #work(request: Request, completed: Promise<void>): Promise<Response> {
    const response = await this.#serve(request, completed);
    response.headers.set("date", new Date(this.now()).toUTCString());
    response.headers.set("cache-control", "no-store");
    return response;
  }

  #takeFault(route: Route): Fault | undefined {
    const found = this.#faults.get(route);
    if (found === undefined || found.left <= 0) return undefined;
    found.left--;
    return found.fault;
  }
}

async function shut(listener: Listener): Promise<void> {
  listener.end.abort();
  await listener.http.finished;
}
