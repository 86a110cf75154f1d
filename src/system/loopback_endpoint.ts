import { FobError } from "../errors.ts";

/** An HTTP server that only this computer can reach. Disposing of it stops it. */
export interface LoopbackEndpoint extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
}

/** Starts a server that calls `answer` for each request. */
export type ServeLoopback = (answer: (request: Request) => Promise<Response>) => LoopbackEndpoint;

/**
 * Listens on a free port of 127.0.0.1. Any web page can send requests there, so two kinds are rejected with 403:
 * those with another Host than this exact address (DNS rebinding), and those with an `Origin` header (a browser).
 *
 * @throws {FobError} `io_failed`.
 */
export const serveLoopback: ServeLoopback = (answer) => {
  const end = new AbortController();
  const guarded = (request: Request, { port }: Deno.NetAddr): Response | Promise<Response> =>
    isForUs(request, `127.0.0.1:${port}`) ? answer(request) : refuse(403);
  try {
    const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve(
      {
        hostname: "127.0.0.1",
        port: 0,
        signal: end.signal,
        onListen: () => {},
        onError: () => refuse(500),
      },
      (request) => guarded(request, server.addr),
    );
    return {
      origin: `http://127.0.0.1:${server.addr.port}`,
      // Not shutdown(): it waits for unfinished requests without a limit.
      async [Symbol.asyncDispose](): Promise<void> {
        end.abort();
        await server.finished;
      },
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FobError("io_failed", `Cannot listen on 127.0.0.1: ${why}`, { cause });
  }
};

function isForUs({ headers, url }: Request, authority: string): boolean {
  return headers.get("host") === authority && URL.parse(url)?.host === authority &&
    !headers.has("origin");
}

function refuse(status: number): Response {
  return new Response("This address serves one program only.\n", { status });
}
