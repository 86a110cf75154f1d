import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import { type Client, openClient } from "../../../src/oauth/client.ts";
import { boundedFetch } from "../../../src/oauth/http.ts";
import type { DiscoveredServer } from "../../../src/oauth/metadata.ts";
import type { SignInAgent } from "../../../src/oauth/sign_in_agent.ts";
import type { TokenSet } from "../../../src/oauth/token_set.ts";
import { Secret } from "../../../src/secret.ts";

/** A moment, in milliseconds, that every test's clock starts at. */
export const noon = Date.UTC(2026, 0, 2, 12);

export interface Served extends AsyncDisposable {
  readonly origin: string;
}

/** A server on the loopback interface that is dropped with all its connections. */
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

/** The metadata of a server at `origin` with every endpoint. */
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

interface Deeds {
  readonly opens?: (url: URL) => unknown;
  readonly reads?: (code: Parameters<SignInAgent["showUserCode"]>[0]) => unknown;
  readonly pastes?: SignInAgent["pastedLines"];
  readonly hears?: (text: string) => unknown;
}

/** A person who does nothing, but for what `does` says. */
export function personWho(does: Deeds = {}): SignInAgent {
  async function* pastesNothing(): AsyncGenerator<string> {}
  return {
    openAuthorizationUrl: async (url) => void await does.opens?.(url),
    showUserCode: async (code) => void await does.reads?.(code),
    pastedLines: does.pastes ?? pastesNothing,
    rejectPaste: (reason) => void does.hears?.(reason),
    notice: (text) => void does.hears?.(text),
  };
}

/** The error that `run` throws, which has to be one that fob foresees, with `code`. */
export async function failure(code: string, run: () => unknown): Promise<FobError> {
  try {
    await run();
  } catch (error) {
    assert.ok(error instanceof FobError, `not foreseen: ${error}`);
    assert.equal(error.code, code, error.message);
    return error;
  }
  return assert.fail(`nothing was thrown, ${code} was expected`);
}
