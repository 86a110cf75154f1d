import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import { type Client, openClient } from "../../../src/oauth/client.ts";
import type { SignInPrompts } from "../../../src/oauth/grants/sign_in_prompts.ts";
import { boundedFetch } from "../../../src/oauth/http.ts";
import type { DiscoveredServer } from "../../../src/oauth/metadata.ts";
import type { TokenSet } from "../../../src/oauth/token_set.ts";
import { Secret } from "../../../src/secret.ts";

/** The time that every test's clock starts at, in milliseconds since the epoch. */
export const noon = Date.UTC(2026, 0, 2, 12);

export interface Served extends AsyncDisposable {
  readonly origin: string;
}

/** A server on loopback. Disposing it drops all its connections. */
export function serve(
  handler: (request: Request, path: string) => Response | Promise<Response>,
): Served {
  const stop = new AbortController();
  const options = { hostname: "127.0.0.1", port: 0, signal: stop.signal, onListen: () => {} };
  const server = Deno.serve(options, (request) => handler(request, new URL(request.url).pathname));
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    async [Symbol.asyncDispose](): Promise<void> {
      stop.abort();
      await server.finished;
    },
  };
}

/** The metadata of a server at `origin`, with every endpoint. */
export function serverAt(origin: string, more: object = {}): DiscoveredServer {
  const metadata = {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    device_authorization_endpoint: `${origin}/device`,
    revocation_endpoint: `${origin}/revoke`,
    ...more,
  };
  return { metadata, openid: true, skew: 0 };
}

/** The public client "fob" of the server at `origin`. */
export function clientAt(origin: string, more: object = {}, now = (): number => noon): Client {
  const fetch = boundedFetch({ fetch: globalThis.fetch, timeLimit: 500 });
  return openClient(serverAt(origin, more), { clientId: "fob" }, { fetch, now });
}

export const held: TokenSet = {
  accessToken: new Secret("at-0"),
  tokenType: "Bearer",
  obtainedAt: noon,
  refreshToken: new Secret("rt-0"),
  scope: "openid email",
};

interface PromptHandlers {
  readonly onUrl?: (url: URL) => unknown;
  readonly onUserCode?: (code: Parameters<SignInPrompts["showUserCode"]>[0]) => unknown;
  readonly lines?: SignInPrompts["pastedLines"];
  readonly onText?: (text: string) => unknown;
}

/** Prompts that do nothing except call `handlers`. */
export function fakePrompts(handlers: PromptHandlers = {}): SignInPrompts {
  async function* noLines(): AsyncGenerator<string> {}
  return {
    openAuthorizationUrl: async (url) => void await handlers.onUrl?.(url),
    showUserCode: async (code) => void await handlers.onUserCode?.(code),
    pastedLines: handlers.lines ?? noLines,
    rejectPaste: (reason) => void handlers.onText?.(reason),
    notice: (text) => void handlers.onText?.(text),
  };
}

/** Follows the server's redirect to the page of the loopback redirect, as a browser does. */
export async function visit(url: URL): Promise<void> {
  const response = await fetch(url, { redirect: "manual" });
  await response.body?.cancel();
  const back = await fetch(response.headers.get("location") ?? "");
  await back.body?.cancel();
}

/** The FobError that `run` throws; fails unless it has `code`. */
export async function failure(code: string, run: () => unknown): Promise<FobError> {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof FobError, `not a FobError: ${error}`);
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`nothing was thrown, ${code} was expected`);
}

/** A minimal token response. */
export const bearer = { access_token: "at-1", token_type: "bearer" } as const;

const html = { "content-type": "text/html; charset=utf-8" };
const json = { "content-type": "application/json" };
const challenge = { ...json, "www-authenticate": 'Basic realm="x"' };
const refusal = '{"error":"invalid_client"}';

/** Invalid token responses, the expected error code and the message. */
export const badTokenAnswers: [string, () => Response, string, RegExp][] = [
  [
    "HTML",
    () => new Response("<p>hi", { headers: html }),
    "provider_answer_invalid",
    /HTTP 200 with "text\/html", not JSON$/,
  ],
  [
    "HTML and 404",
    () => new Response("<p>", { status: 404, headers: html }),
    "provider_answer_invalid",
    /HTTP 404 with "text\/html", not JSON$/,
  ],
  ["500", () => new Response("x", { status: 500 }), "provider_unreachable", /HTTP 500$/],
  ["429", () => new Response("x", { status: 429 }), "provider_unreachable", /HTTP 429$/],
  [
    "503 with an OAuth error",
    () => new Response('{"error":"invalid_grant"}', { status: 503, headers: json }),
    "provider_unreachable",
    /HTTP 503$/,
  ],
  [
    "an empty body",
    () => new Response("", { headers: json }),
    "provider_answer_invalid",
    /HTTP 200 with an empty body$/,
  ],
  [
    "10 MB",
    () => new Response(new Uint8Array(10_000_000)),
    "provider_answer_invalid",
    /with a body larger than 1 MiB$/,
  ],
  [
    "a redirect",
    () => new Response(null, { status: 302, headers: { location: "/x" } }),
    "provider_answer_invalid",
    /HTTP 302 with an empty body$/,
  ],
  [
    "half of a JSON text",
    () => new Response('{"access_token":"at-', { headers: json }),
    "provider_answer_invalid",
    /HTTP 200 with "application\/json", not JSON$/,
  ],
  [
    "a JSON list",
    () => Response.json([1]),
    "provider_answer_invalid",
    /must be a top level object$/,
  ],
  [
    "no token",
    () => Response.json({ token_type: "bearer" }),
    "provider_answer_invalid",
    /access_token/,
  ],
  [
    "an unknown token type",
    () => Response.json({ access_token: "private", token_type: "mac" }),
    "provider_answer_invalid",
    /`token_type`/,
  ],
  [
    "a negative lifetime",
    () => Response.json({ ...bearer, access_token: "private", expires_in: -1 }),
    "provider_answer_invalid",
    /expires_in/,
  ],
  [
    "a lifetime that is not a number",
    () => Response.json({ ...bearer, access_token: "private", expires_in: "soon" }),
    "provider_answer_invalid",
    /expires_in/,
  ],
  [
    "a refused client",
    () => new Response(refusal, { status: 401, headers: challenge }),
    "provider_refused",
    /answered "invalid_client"$/,
  ],
  [
    "an error with HTTP 200",
    () => Response.json({ error: "invalid_client", error_description: "no\x1b[2J\nsuch" }),
    "provider_refused",
    /answered "invalid_client": "no \[2J such"$/,
  ],
  [
    "an error that is not a string, with HTTP 200",
    () => Response.json({ error: { code: 7 } }),
    "provider_answer_invalid",
    /access_token/,
  ],
  [
    "an empty error code",
    () => Response.json({ error: "" }, { status: 400 }),
    "provider_answer_invalid",
    /HTTP 400 without an error code$/,
  ],
  [
    "an error without a code",
    () => Response.json({ message: "no" }, { status: 400 }),
    "provider_answer_invalid",
    /HTTP 400 without an error code$/,
  ],
];
