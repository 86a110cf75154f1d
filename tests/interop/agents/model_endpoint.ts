import { dialects } from "./model_answers.ts";

/** A request, and whether its token was accepted. */
export interface Seen {
  readonly path: string;
  /** Its tokens by header name. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly isTaken: boolean;
}

export interface ModelEndpointOptions {
  /** Whether a token is valid. */
  readonly isGood: (token: string) => boolean;
  /** Handles requests below `/api/` and `/.well-known/`. */
  readonly beside?: string;
  /** Called while a client waits for a response. */
  readonly beforeAnswer?: () => Promise<void>;
  /** Called once, before the model asks for a tool. */
  readonly beforeTool?: () => Promise<void>;
}

/**
 * A fake model endpoint on loopback. It accepts only valid bearer tokens, asks for a tool that no agent
 * has, so that the agent must send another request, and then responds with "done".
 */
export class ModelEndpoint implements AsyncDisposable {
  readonly origin: string;
  readonly seen: Seen[] = [];
  readonly #options: ModelEndpointOptions;
  readonly #end = new AbortController();
  readonly #http: Deno.HttpServer<Deno.NetAddr>;
  #hasAskedForTool = false;

  constructor(options: ModelEndpointOptions) {
    this.#options = options;
    this.#http = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      signal: this.#end.signal,
      onListen: () => {},
    }, (request) => this.#answer(request));
    this.origin = `http://127.0.0.1:${this.#http.addr.port}`;
  }

  /** The requests to the model. */
  get calls(): readonly Seen[] {
    return this.seen.filter(({ path }) => dialects.some(({ isCall }) => isCall(path)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#http.finished;
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const { beside } = this.#options;
    if (beside !== undefined && /^\/(api|oidc|\.well-known)\//.test(url.pathname)) {
      return await pass(request, `${beside}${url.pathname}${url.search}`);
    }
    const body = await request.text();
    const tokens = tokensOf(request.headers);
    const bearer = tokens["authorization"];
    const isTaken = bearer !== undefined && this.#options.isGood(bearer);
    await this.#options.beforeAnswer?.();
    this.seen.push({ path: url.pathname, tokens, isTaken });
    if (!isTaken) {
      const error = { type: "authentication_error", message: "the token is invalid", code: 401 };
      return Response.json({ type: "error", error }, { status: 401 });
    }
    const dialect = dialects.find(({ isCall }) => isCall(url.pathname));
    if (dialect === undefined) return Response.json({ data: [], models: [], input_tokens: 1 });
    const isStream = /"stream":\s*true/.test(body) || url.searchParams.get("alt") === "sse";
    if (this.#hasAskedForTool || !dialect.mayUseTool(body)) {
      return dialect.answer({ text: "done" }, isStream);
    }
    this.#hasAskedForTool = true;
    await this.#options.beforeTool?.();
    return dialect.answer({ tool: "no_such_tool" }, isStream);
  }
}

async function pass(request: Request, url: string): Promise<Response> {
  const { method, headers } = request;
  const body = method === "GET" ? null : await request.text();
  return await fetch(url, { method, headers, body });
}

function tokensOf(headers: Headers): Record<string, string> {
  const names = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];
  const found = names.map((name) => [name, headers.get(name)?.replace(/^Bearer /i, "")] as const);
  return Object.fromEntries(
    found.filter((pair): pair is [typeof pair[0], string] => pair[1] !== undefined),
  );
}
