import { LoopbackServer } from "./loopback_server.ts";

/**
 * The identity token endpoint of a CI service on loopback: GitHub's as GET `/github`, Azure's as the POST of its
 * REST API. It requires the bearer token of the job, and returns the same identity token each time.
 */
export class Pipeline {
  readonly #http: LoopbackServer<never>;
  readonly #audiences: (string | undefined)[] = [];

  constructor(identityToken: string, bearer: string) {
    this.#http = new LoopbackServer((request) =>
      Promise.resolve(this.#answer(request, identityToken, bearer))
    );
  }

  get origin(): string {
    return this.#http.origin;
  }

  /** The requested audience of the last identity token; Azure's has a fixed audience. */
  get audience(): string | undefined {
    return this.#audiences.at(-1);
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  #answer({ method, url, headers }: Request, identityToken: string, bearer: string): Response {
    if (headers.get("authorization") !== `Bearer ${bearer}`) {
      return Response.json({ message: "Bad token" }, { status: 401 });
    }
    const { pathname, searchParams } = new URL(url);
    this.#audiences.push(searchParams.get("audience") ?? undefined);
    if (method === "GET" && pathname === "/github") return Response.json({ value: identityToken });
    const isAzure = method === "POST" && /^\/project\/_apis\/.*\/oidctoken$/.test(pathname);
    if (isAzure) return Response.json({ oidcToken: identityToken });
    return new Response(null, { status: 404 });
  }
}
