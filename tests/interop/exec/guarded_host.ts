/** Handles a request with a valid token. */
export type Serve = (request: Request) => Promise<Response> | Response;

export interface GuardedHostOptions {
  /** The value of `WWW-Authenticate`, default `Basic`. */
  readonly challenge?: string;
  /** Whether a token is valid. */
  readonly isGood: (token: string) => boolean;
  readonly serve: Serve;
  /** The certificate for `https:`. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A host on loopback that requires a token: as a password, as a bearer token or bare. */
export class GuardedHost implements AsyncDisposable {
  readonly origin: string;
  /** The received credentials, and whether they were accepted. */
  readonly sent: { readonly credential: string; readonly isTaken: boolean }[] = [];
  /** Revoked tokens. */
  readonly refused = new Set<string>();
  readonly #end = new AbortController();
  readonly #http: Deno.HttpServer<Deno.NetAddr>;
  readonly #options: GuardedHostOptions;

  constructor(options: GuardedHostOptions) {
    this.#options = options;
    this.#http = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      signal: this.#end.signal,
      onListen: () => {},
      ...options.tls,
    }, (request) => this.#answer(request));
    const scheme = options.tls === undefined ? "http" : "https";
    this.origin = `${scheme}://127.0.0.1:${this.#http.addr.port}`;
  }

  /** Its host and port. */
  get authority(): string {
    return new URL(this.origin).host;
  }

  /** The accepted tokens, without user names and schemes. */
  get taken(): string[] {
    return this.sent.filter(({ isTaken }) => isTaken).map(({ credential }) => tokenIn(credential));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#http.finished;
  }

  async #answer(request: Request): Promise<Response> {
    const { isGood, serve, challenge = 'Basic realm="host"' } = this.#options;
    await request.body?.cancel();
    const credential = request.headers.get("authorization");
    const token = credential === null ? undefined : tokenIn(credential);
    const isTaken = token !== undefined && isGood(token) && !this.refused.has(token);
    if (credential !== null) this.sent.push({ credential, isTaken });
    if (isTaken) return await serve(request);
    return new Response("", { status: 401, headers: { "WWW-Authenticate": challenge } });
  }
}

/** The password (RFC 7617), the bearer token (RFC 6750), or the bare value. */
function tokenIn(credential: string): string {
  const [, scheme = "", value = ""] = /^(\S+) +(.*)$/.exec(credential) ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return credential;
  const pair = atob(value);
  return pair.slice(pair.indexOf(":") + 1);
}
