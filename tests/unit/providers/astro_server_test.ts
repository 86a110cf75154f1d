import assert from "node:assert/strict";
import { astro } from "../../../src/providers/astro.ts";
import { astroHooks } from "../../../src/providers/astro_server.ts";
import { oauthProvider } from "../../../src/providers/oauth_provider.ts";
import type { OAuthProvider, SignedIn, SignInTarget } from "../../../src/providers/provider.ts";
import { Secret } from "../../../src/secret.ts";
import { type AstroServer, startAstroServer } from "../../fakes/servers/astro_server.ts";
import { fakePrompts, serve, visit } from "../oauth/fixture.ts";

const signal = new AbortController().signal;
const needs = { fetch: globalThis.fetch, now: Date.now };

/** The platform with any free port: another test run may use the registered one. */
const anyPort = { ...astro, redirect: { ...astro.redirect!, ports: [0] } };

/** A fake Astro domain and a provider for it. */
class Setup implements AsyncDisposable {
  readonly server: AstroServer;
  readonly fob: OAuthProvider = oauthProvider(anyPort, needs, astroHooks);

  constructor(server: AstroServer) {
    this.server = server;
  }

  signIn(target: SignInTarget = {}): Promise<SignedIn> {
    const prompts = fakePrompts({ onUrl: (url) => void visit(url) });
    const asked = { host: this.server.api, ...target };
    return this.fob.signIn(asked, "browser", prompts, () => Promise.resolve(), signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
  }
}

async function start(): Promise<Setup> {
  return new Setup(await startAstroServer());
}

Deno.test("an Astro sign-in uses the client and audience of the domain's configuration", async () => {
  await using setup = await start();
  const { issuer, clientId, identity, tokens } = await setup.signIn();
  assert.equal(issuer, setup.server.issuer);
  assert.equal(clientId, "astro-cli-client");
  assert.equal(identity, "ada@example.com");
  assert.equal(tokens.scope, "openid profile email offline_access");
});

Deno.test("an Astro login is refreshed and revoked at its issuer", async () => {
  await using setup = await start();
  const signedIn = await setup.signIn();
  const tokens = await setup.fob.refresh(signedIn);
  assert.notEqual(tokens.refreshToken?.reveal(), signedIn.tokens.refreshToken?.reveal());
  assert.deepEqual(setup.server.granted, ["authorization_code", "refresh_token"]);
  assert.equal((await setup.fob.revoke({ ...signedIn, tokens })).outcome, "revoked");
  assert.ok(setup.server.familyRevoked);
  await assert.rejects(setup.fob.refresh({ ...signedIn, tokens }), { code: "sign_in_again" });
});

Deno.test("an Astro configuration with a local or invalid server is rejected", async () => {
  for (
    const domainUrl of ["http://127.0.0.1:1/", "ftp://c.example/", "https://a:b@c.example/", 1, ""]
  ) {
    const secure = "https://api.astro.example";
    const fetch = (): Promise<Response> =>
      Promise.resolve(Response.json({ clientId: "c", audience: "a", domainUrl }));
    const fob = oauthProvider(anyPort, { ...needs, fetch }, astroHooks);
    await assert.rejects(fob.find({ host: secure }, signal), { code: "provider_answer_invalid" });
  }
});

Deno.test("the error for a host that is not an Astro domain names its sign-in configuration", async () => {
  await using server = serve(() => new Response("<html>", { status: 404 }));
  const fob = oauthProvider(anyPort, needs, astroHooks);
  await assert.rejects(fob.find({ host: server.origin }, signal), {
    code: "provider_answer_invalid",
    message: /^The sign-in configuration of "http:.*" answered HTTP 404/,
  });
});

Deno.test("a password is exchanged for a token of a private Astro, and no error contains it", async () => {
  await using setup = await start();
  const host = `${setup.server.api}/v1`;
  const signIn = (password: string): Promise<Secret> =>
    setup.fob.signInWithPassword({ host }, "ada", new Secret(password));
  assert.match((await signIn("open sesame")).reveal(), /^houston-token-/);
  await assert.rejects(signIn("hush"), (error: Error) => {
    assert.ok("code" in error && error.code === "provider_refused");
    return !Deno.inspect(error).includes("hush");
  });
  await assert.rejects(
    setup.fob.signInWithPassword({ host: "http://x.example" }, "a", new Secret("hush")),
    {
      code: "usage",
    },
  );
});

Deno.test("an answer without a valid token is provider_refused", async () => {
  for (
    const answer of [null, 1, {}, { data: null }, {
      data: { createToken: { token: { value: "a\nb" } } },
    }]
  ) {
    await using server = serve(() => Response.json(answer));
    const fob = oauthProvider(anyPort, needs, astroHooks);
    const signIn = fob.signInWithPassword({ host: server.origin }, "ada", new Secret("hush"));
    await assert.rejects(signIn, { code: "provider_refused" });
  }
});

Deno.test("without a host, the platform's API is used", async () => {
  const asked: string[] = [];
  const fetch = (url: string): Promise<Response> => {
    asked.push(url);
    const domainUrl = "https://auth.astronomer.io/";
    return Promise.resolve(Response.json({ clientId: "c", audience: "a", domainUrl }));
  };
  const fob = oauthProvider(astro, { ...needs, fetch }, astroHooks);
  assert.equal((await fob.find({}, signal)).issuer, "https://auth.astronomer.io/");
  assert.deepEqual(asked, ["https://api.astronomer.io/private/v1alpha1/cli/auth-config"]);
});
