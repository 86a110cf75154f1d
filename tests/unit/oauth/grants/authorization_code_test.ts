import assert from "node:assert/strict";
import { FobError } from "../../../../src/errors.ts";
import type { Client } from "../../../../src/oauth/client.ts";
import {
  authorizationCodeGrant,
  type AuthorizationCodeRequest,
} from "../../../../src/oauth/grants/authorization_code.ts";
import type { SignInPrompts } from "../../../../src/oauth/grants/sign_in_prompts.ts";
import type { Granted } from "../../../../src/oauth/token_endpoint.ts";
import { clientAt, failure, fakePrompts, serve, type Served } from "../fixture.ts";

const signal = new AbortController().signal;
const request: AuthorizationCodeRequest = {
  scopes: ["read"],
  host: "api.example.com",
  keep: async () => {},
};

interface TokenServer extends Served {
  readonly forms: URLSearchParams[];
}

/** A server that issues a token for any code. */
function tokenServer(answer: (path: string) => Response = grantToken): TokenServer {
  const forms: URLSearchParams[] = [];
  const served = serve(async (request, path) => {
    forms.push(new URLSearchParams(await request.text()));
    return answer(path);
  });
  return { ...served, forms };
}

function grantToken(): Response {
  return Response.json({ access_token: "at-1", token_type: "Bearer" });
}

/** Prompts with a browser that calls back with `answer`. Adds the pages that it gets to `pages`. */
function browser(
  pages: Promise<string>[],
  answer: (asked: URLSearchParams) => Record<string, string> = () => ({ code: "c1" }),
): SignInPrompts {
  return fakePrompts({
    onUrl: ({ searchParams }) => {
      const callback = new URL(searchParams.get("redirect_uri") ?? "");
      const state = searchParams.get("state") ?? "";
      const parameters = { state, ...answer(searchParams) };
      for (const [name, value] of Object.entries(parameters)) {
        callback.searchParams.set(name, value);
      }
      pages.push(fetch(callback).then((response) => response.text()));
    },
  });
}

Deno.test("the authorization URL has a PKCE challenge, and the code is redeemed with its verifier", async () => {
  await using server = tokenServer();
  let asked = new URLSearchParams();
  const prompts = browser([], (parameters) => {
    asked = parameters;
    return { code: "c1" };
  });
  const client = { ...clientAt(server.origin), resource: "https://api.example" };
  const { tokens } = await authorizationCodeGrant(client, request, prompts, signal);
  assert.equal(tokens.accessToken.reveal(), "at-1");
  const form = server.forms[0] ?? new URLSearchParams();
  const verifier = new TextEncoder().encode(form.get("code_verifier") ?? "");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", verifier));
  const challenge = digest.toBase64({ alphabet: "base64url", omitPadding: true });
  const redirect = asked.get("redirect_uri");
  assert.match(redirect ?? "", /^http:\/\/127\.0\.0\.1:\d+\/callback$/);
  assert.deepEqual(Object.fromEntries(asked), {
    client_id: "fob",
    response_type: "code",
    redirect_uri: redirect,
    state: asked.get("state"),
    code_challenge: challenge,
    code_challenge_method: "S256",
    scope: "read",
    resource: "https://api.example",
  });
  assert.equal(form.get("code"), "c1");
  assert.equal(form.get("redirect_uri"), redirect);
  assert.equal(form.get("resource"), "https://api.example");
});

Deno.test("every sign-in has its own state, nonce and challenge", async () => {
  await using server = tokenServer();
  const seen = new Set<string | null>();
  const prompts = browser([], (asked) => {
    for (const name of ["state", "nonce", "code_challenge"]) seen.add(asked.get(name));
    return { error: "access_denied" };
  });
  const openid = { ...request, scopes: ["openid"] };
  for (let time = 0; time < 3; time++) {
    await failure(
      "provider_refused",
      () => authorizationCodeGrant(clientAt(server.origin), openid, prompts, signal),
    );
  }
  assert.equal(seen.size, 9);
});

Deno.test("the page shows signed in only after the credential is saved", async () => {
  await using server = tokenServer();
  const order: string[] = [];
  const pages: Promise<string>[] = [];
  const prompts = browser(pages);
  const keep = async (granted: Granted) => {
    await new Promise((resolve) => setTimeout(resolve, 30));
    order.push(`kept ${granted.tokens.accessToken.reveal()}`);
  };
  const grant = authorizationCodeGrant(
    clientAt(server.origin),
    { ...request, keep },
    prompts,
    signal,
  );
  await grant;
  order.push(/signed in to <b>api\.example\.com</.test(await pages[0] ?? "") ? "page" : "other");
  assert.deepEqual(order, ["kept at-1", "page"]);
});

/** The error of saving, and the expected text of the page. */
const saveErrors: [Error, RegExp][] = [
  [
    new FobError("store_locked", "The keychain is locked"),
    /keychain is locked.*No credential was stored/s,
  ],
  [new FobError("store_timeout", "No answer"), /No answer.*credential may have been stored/s],
  [new TypeError("private thing"), /unexpected error.*No credential was stored/s],
];

for (const [error, says] of saveErrors) {
  Deno.test(`when saving throws "${error.message}", the page shows it and the error is rethrown`, async () => {
    await using server = tokenServer();
    const pages: Promise<string>[] = [];
    const failing = { ...request, keep: () => Promise.reject(error) };
    const grant = authorizationCodeGrant(
      clientAt(server.origin),
      failing,
      browser(pages),
      signal,
    );
    await assert.rejects(grant, error);
    const page = await pages[0] ?? "";
    assert.match(page, says);
    assert.doesNotMatch(page, /You are signed in|private/);
  });
}

Deno.test("a refusal shows the server's text without control characters, in the error and on the page", async () => {
  const pages: Promise<string>[] = [];
  const prompts = browser(pages, () => ({
    error: "access_denied",
    error_description: "<i>The person\x1b[2J said no</i>",
  }));
  const client = clientAt("http://127.0.0.1:9");
  const error = await failure(
    "provider_refused",
    () => authorizationCodeGrant(client, request, prompts, signal),
  );
  const words = "<i>The person [2J said no</i>";
  assert.equal(error.message, `"http://127.0.0.1:9" answered "access_denied": "${words}"`);
  assert.deepEqual(error.facts, { error: "access_denied", reason: words });
  assert.match(await pages[0] ?? "", /&#60;i&#62;The person \[2J said no&#60;\/i&#62;/);
});

Deno.test("a callback from another issuer is refused before its code is redeemed", async () => {
  await using server = tokenServer();
  const prompts = browser([], () => ({ code: "c1", iss: "https://other.example" }));
  const error = await failure(
    "issuer_mismatch",
    () => authorizationCodeGrant(clientAt(server.origin), request, prompts, signal),
  );
  assert.match(error.message, /but the callback comes from "https:\/\/other\.example"$/);
  assert.equal(server.forms.length, 0);
});

Deno.test("a callback without the issuer that the server promises is refused", async () => {
  await using server = tokenServer();
  const client = clientAt(server.origin, { authorization_response_iss_parameter_supported: true });
  const error = await failure(
    "issuer_mismatch",
    () => authorizationCodeGrant(client, request, browser([]), signal),
  );
  assert.match(error.message, /but the callback does not name its issuer$/);
});

Deno.test("a callback with two codes is refused", async () => {
  const prompts = fakePrompts({
    onUrl: ({ searchParams }) => {
      const state = searchParams.get("state");
      const callback = `${searchParams.get("redirect_uri")}?code=a&code=b&state=${state}`;
      fetch(callback).then((response) => response.body?.cancel());
    },
  });
  const client = clientAt("http://127.0.0.1:9");
  await failure(
    "provider_answer_invalid",
    () => authorizationCodeGrant(client, request, prompts, signal),
  );
});

Deno.test("a server that lists PKCE methods without S256 is refused before a browser opens", async () => {
  const client = clientAt("http://127.0.0.1:9", { code_challenge_methods_supported: ["plain"] });
  const prompts = fakePrompts({ onUrl: () => assert.fail("a browser was opened") });
  const error = await failure(
    "provider_refused",
    () => authorizationCodeGrant(client, request, prompts, signal),
  );
  assert.match(error.message, /does not support PKCE with S256, only \["plain"\]$/);
});

Deno.test("offline_access adds prompt=consent only with openid", async () => {
  const seen: (string | null)[] = [];
  const prompts = browser([], (asked) => {
    seen.push(asked.get("prompt"));
    return { error: "access_denied" };
  });
  for (const scopes of [["openid", "offline_access"], ["offline_access", "all-apis"], ["openid"]]) {
    const grant = () =>
      authorizationCodeGrant(
        clientAt("http://127.0.0.1:9"),
        { ...request, scopes },
        prompts,
        signal,
      );
    await failure("provider_refused", grant);
  }
  assert.deepEqual(seen, ["consent", null, null]);
});

Deno.test("a registered redirect URI is sent as registered, also to redeem the code", async () => {
  await using server = tokenServer();
  let asked = "";
  const prompts = browser([], (parameters) => {
    asked = parameters.get("redirect_uri") ?? "";
    return { code: "c1" };
  });
  const redirect = { hostname: "localhost", path: "", ports: Array<number>(20).fill(0) } as const;
  await authorizationCodeGrant(clientAt(server.origin), { ...request, redirect }, prompts, signal);
  assert.match(asked, /^http:\/\/localhost:\d+$/);
  assert.equal(server.forms[0]?.get("redirect_uri"), asked);
});

Deno.test("with pushed requests, the authorization URL has only a reference", async () => {
  await using server = tokenServer((path) =>
    path === "/par"
      ? Response.json({ request_uri: "urn:r:1", expires_in: 60 }, { status: 201 })
      : grantToken()
  );
  const par = { pushed_authorization_request_endpoint: `${server.origin}/par` };
  const client: Client = clientAt(server.origin, par);
  let carried = {};
  const prompts = fakePrompts({
    onUrl: ({ searchParams }) => {
      carried = Object.fromEntries(searchParams);
      const pushed = server.forms[0];
      const callback = `${pushed?.get("redirect_uri")}?code=c1&state=${pushed?.get("state")}`;
      fetch(callback).then((response) => response.body?.cancel());
    },
  });
  await authorizationCodeGrant(client, request, prompts, signal);
  assert.deepEqual(carried, { client_id: "fob", request_uri: "urn:r:1" });
});

Deno.test("a pasted callback signs in like one that arrives at the listener", async () => {
  await using server = tokenServer();
  const rejected: string[] = [];
  const address = Promise.withResolvers<string>();
  let signalOfLines: AbortSignal | undefined;
  const prompts = fakePrompts({
    onUrl: ({ searchParams }) => {
      const query = `code=c9&state=${searchParams.get("state")}`;
      address.resolve(`${searchParams.get("redirect_uri")}?${query}`);
    },
    async *lines(signal): AsyncGenerator<string> {
      signalOfLines = signal;
      yield "what?";
      yield await address.promise;
    },
    onText: (reason) => void rejected.push(reason),
  });
  await authorizationCodeGrant(clientAt(server.origin), request, prompts, signal);
  assert.equal(server.forms[0]?.get("code"), "c9");
  assert.equal(rejected.length, 1);
  assert.equal(signalOfLines?.aborted, true, "the terminal is still being read");
});

Deno.test("a browser command that does not return does not block the sign-in", async () => {
  await using server = tokenServer();
  const pages: Promise<string>[] = [];
  const opens = browser(pages);
  const prompts: SignInPrompts = {
    ...opens,
    openAuthorizationUrl: async (url) => {
      await opens.openAuthorizationUrl(url);
      await pages[0];
    },
  };
  await authorizationCodeGrant(clientAt(server.origin), request, prompts, signal);
  assert.match(await pages[0] ?? "", /You are signed in/);
});

Deno.test("a sign-in ends at once if its URL cannot be shown", async () => {
  const prompts = fakePrompts({
    onUrl: () => Promise.reject(new FobError("io_failed", "No terminal")),
  });
  const grant = authorizationCodeGrant(clientAt("http://127.0.0.1:9"), request, prompts, signal);
  assert.equal((await failure("io_failed", () => grant)).message, "No terminal");
});

Deno.test("an unfinished sign-in ends with its signal, and the listener closes", async () => {
  const stop = new AbortController();
  let redirect = "";
  const prompts = fakePrompts({
    onUrl: ({ searchParams }) => {
      redirect = searchParams.get("redirect_uri") ?? "";
      stop.abort(new DOMException("late", "TimeoutError"));
    },
  });
  const client = clientAt("http://127.0.0.1:9");
  await failure(
    "sign_in_timeout",
    () => authorizationCodeGrant(client, request, prompts, stop.signal),
  );
  await assert.rejects(fetch(redirect));
});

Deno.test("the page shows the failure of the token endpoint", async () => {
  await using server = tokenServer(() => new Response("<p>", { status: 500 }));
  const pages: Promise<string>[] = [];
  const grant = authorizationCodeGrant(clientAt(server.origin), request, browser(pages), signal);
  await failure("provider_unreachable", () => grant);
  assert.match(await pages[0] ?? "", /answered HTTP 500.*No credential was stored/s);
});
