import assert from "node:assert/strict";
import { FobError } from "../../../src/errors.ts";
import { openClient } from "../../../src/oauth/client.ts";
import { clientCredentialsGrant } from "../../../src/oauth/grants/client_credentials.ts";
import type { SignInPrompts } from "../../../src/oauth/grants/sign_in_prompts.ts";
import { boundedFetch } from "../../../src/oauth/http.ts";
import { discoverIssuer } from "../../../src/oauth/metadata.ts";
import type { Authorization, TokenSet } from "../../../src/oauth/token_set.ts";
import { oauthProvider } from "../../../src/providers/oauth_provider.ts";
import { oidc } from "../../../src/providers/oidc.ts";
import type { SignInMethod } from "../../../src/providers/provider.ts";
import { Secret } from "../../../src/secret.ts";
import { Browser } from "./browser.ts";
import { robot, startOidcProvider } from "./oidc_provider.ts";

const signal = new AbortController().signal;
const fob = oauthProvider(oidc, {
  fetch: globalThis.fetch,
  now: Date.now,
  sleep: () => Promise.resolve(),
});
const code = (expected: string) => (error: unknown): boolean =>
  error instanceof FobError && error.code === expected;

interface Person extends SignInPrompts {
  /** The addresses that the browser visited. */
  readonly opened: URL[];
  /** The last page of the browser. */
  readonly lastPage: Promise<string>;
}

/** A user who approves in a browser or on the device page. `bend` changes the callback address. */
function person(bend: (callback: URL) => void = () => {}): Person {
  const browser = new Browser();
  const opened: URL[] = [];
  const page = Promise.withResolvers<string>();
  return {
    opened,
    lastPage: page.promise,
    async openAuthorizationUrl(url): Promise<void> {
      opened.push(url);
      const last = await browser.visit(url, {}, (it) => it.pathname === "/callback" && bend(it));
      assert.match(last, /<footer>fob</, "the browser did not come back");
      page.resolve(last);
    },
    async showUserCode({ userCode, verificationUri }): Promise<void> {
      const url = new URL(verificationUri);
      const form = await browser.visit(url);
      const confirm = await browser.submit(form, url, { user_code: userCode });
      page.resolve(await browser.submit(confirm, url, { confirm: "yes" }));
    },
    async *pastedLines(): AsyncGenerator<string> {},
    rejectPaste: assert.fail,
    notice: assert.fail,
  };
}

async function signIn(
  issuer: string,
  prompts: Person,
  way: SignInMethod = "browser",
): Promise<Authorization> {
  const target = { issuer, clientId: "fob" };
  return await fob.signIn(target, way, prompts, async () => {}, signal);
}

function refreshed(authorization: Authorization, tokens: TokenSet): Authorization {
  return { ...authorization, tokens };
}

Deno.test("a sign-in works with PKCE, a pushed request and an issuer in the callback", async () => {
  await using server = await startOidcProvider();
  const prompts = person();
  const { identity, tokens, issuer } = await signIn(server.issuer, prompts);
  assert.equal(issuer, server.issuer);
  assert.equal(identity, "ada@example.com");
  assert.equal(tokens.tokenType, "Bearer");
  assert.equal(tokens.scope, "openid email offline_access");
  assert.ok(tokens.refreshToken !== undefined, "no refresh token");
  const lifetime = (tokens.expiresAt ?? 0) - Date.now();
  assert.ok(lifetime > 3_500_000 && lifetime <= 3_600_000, `expires in ${lifetime} ms`);
  assert.match(await prompts.lastPage, /You are signed in to <b>127\.0\.0\.1:\d+<\/b>/);
  assert.deepEqual([...(prompts.opened[0]?.searchParams.keys() ?? [])], [
    "client_id",
    "request_uri",
  ]);
  assert.ok(server.requests.includes("/request"));
});

Deno.test("without pushed requests, the request is in the address", async () => {
  const pushedAuthorizationRequests = { enabled: false };
  await using server = await startOidcProvider({ pushedAuthorizationRequests });
  const prompts = person();
  const { tokens } = await signIn(server.issuer, prompts);
  assert.ok(tokens.refreshToken !== undefined, "no refresh token");
  assert.equal(prompts.opened[0]?.searchParams.get("code_challenge_method"), "S256");
  assert.ok(!server.requests.includes("/request"));
});

Deno.test("a callback with another issuer is refused, and its code is not used", async () => {
  await using server = await startOidcProvider();
  const prompts = person((callback) => callback.searchParams.set("iss", "https://evil.example"));
  await assert.rejects(signIn(server.issuer, prompts), code("issuer_mismatch"));
  assert.match(await prompts.lastPage, /You are not signed in/);
  assert.ok(!server.requests.includes("/token"));
});

Deno.test("a callback without an issuer is refused if the server announces one", async () => {
  await using server = await startOidcProvider();
  const prompts = person((callback) => callback.searchParams.delete("iss"));
  await assert.rejects(signIn(server.issuer, prompts), code("issuer_mismatch"));
});

Deno.test("a device code signs in after the user has entered it", async () => {
  await using server = await startOidcProvider();
  const prompts = person();
  const { identity, tokens } = await signIn(server.issuer, prompts, "device");
  assert.equal(identity, "ada@example.com");
  assert.ok(tokens.refreshToken !== undefined, "no refresh token");
  assert.equal(await prompts.lastPage, "agreed");
});

Deno.test("each refresh returns a new refresh token", async () => {
  await using server = await startOidcProvider();
  const authorization = await signIn(server.issuer, person());
  const tokens = await fob.refresh(authorization);
  assert.notEqual(tokens.accessToken.reveal(), authorization.tokens.accessToken.reveal());
  assert.notEqual(tokens.refreshToken?.reveal(), authorization.tokens.refreshToken?.reveal());
  await fob.refresh(refreshed(authorization, tokens));
});

Deno.test("a refresh token that is used twice revokes the whole family", async () => {
  await using server = await startOidcProvider();
  const authorization = await signIn(server.issuer, person());
  const tokens = await fob.refresh(authorization);
  await assert.rejects(fob.refresh(authorization), code("sign_in_again"));
  await assert.rejects(fob.refresh(refreshed(authorization, tokens)), code("sign_in_again"));
});

Deno.test("a revoked grant cannot be refreshed", async () => {
  await using server = await startOidcProvider();
  const authorization = await signIn(server.issuer, person());
  assert.deepEqual(await fob.revoke(authorization), { outcome: "revoked" });
  await assert.rejects(fob.refresh(authorization), code("sign_in_again"));
});

Deno.test("a server without revocation is reported", async () => {
  await using server = await startOidcProvider({ revocation: { enabled: false } });
  const authorization = await signIn(server.issuer, person());
  assert.deepEqual(await fob.revoke(authorization), { outcome: "unsupported" });
  await fob.refresh(authorization);
});

Deno.test("an unknown client is refused with the server's message", async () => {
  await using server = await startOidcProvider();
  const target = { issuer: server.issuer, clientId: "unknown" };
  await assert.rejects(
    fob.signIn(target, "browser", person(), async () => {}, signal),
    (error) => error instanceof FobError && error.facts.error === "invalid_client",
  );
});

Deno.test("client credentials work with special characters in the secret, and fail with a wrong secret", async () => {
  await using provider = await startOidcProvider();
  const needs = { fetch: boundedFetch({ fetch: globalThis.fetch }), now: Date.now };
  const server = await discoverIssuer(provider.issuer, needs);
  const { tokens } = await clientCredentialsGrant(openClient(server, robot, needs), { scopes: [] });
  assert.ok(tokens.expiresAt !== undefined && tokens.expiresAt > Date.now());
  assert.equal(tokens.refreshToken, undefined);
  const stranger = openClient(server, { ...robot, clientSecret: new Secret("s3cret") }, needs);
  await assert.rejects(
    clientCredentialsGrant(stranger, { scopes: [] }),
    (error: FobError) => code("provider_refused")(error) && error.facts.error === "invalid_client",
  );
});
