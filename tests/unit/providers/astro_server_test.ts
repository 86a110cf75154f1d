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

/** The platform, on whichever port is free: who else runs tests may have the registered one. */
const anyPort = { ...astro, redirect: { ...astro.redirect!, ports: [0] } };

/** An Astro domain, and fob's way to sign in there. */
class PromptOptions implements AsyncDisposable {
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

async function meet(): Promise<PromptOptions> {
  return new PromptOptions(await startAstroServer());
}

Deno.test("a person signs in as the client, and for the audience, that the domain names", async () => {
  await using meeting = await meet();
  const { issuer, clientId, identity, tokens } = await meeting.signIn();
  assert.equal(issuer, meeting.server.issuer);
  assert.equal(clientId, "astro-cli-client");
  assert.equal(identity, "ada@example.com");
  assert.equal(tokens.scope, "openid profile email offline_access");
});

Deno.test("the login refreshes and ends at the server that it came from", async () => {
  await using meeting = await meet();
  const signedIn = await meeting.signIn();
  const tokens = await meeting.fob.refresh(signedIn);
  assert.notEqual(tokens.refreshToken?.reveal(), signedIn.tokens.refreshToken?.reveal());
  assert.deepEqual(meeting.server.granted, ["authorization_code", "refresh_token"]);
  assert.equal((await meeting.fob.revoke({ ...signedIn, tokens })).outcome, "revoked");
  assert.ok(meeting.server.familyRevoked);
  await assert.rejects(meeting.fob.refresh({ ...signedIn, tokens }), { code: "sign_in_again" });
});

Deno.test("a domain that names a server on this computer, or none, is not followed", async () => {
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

Deno.test("a host that is no Astro domain is told as that", async () => {
  await using server = serve(() => new Response("<html>", { status: 404 }));
  const fob = oauthProvider(anyPort, needs, astroHooks);
  await assert.rejects(fob.find({ host: server.origin }, signal), {
    code: "provider_answer_invalid",
    message: /^The sign-in configuration of "http:.*" answered HTTP 404/,
  });
});

Deno.test("a password brings a token of a private Astro, and is told in no error", async () => {
  await using meeting = await meet();
  const host = `${meeting.server.api}/v1`;
  const signIn = (password: string): Promise<Secret> =>
    meeting.fob.signInWithPassword({ host }, "ada", new Secret(password));
  assert.match((await signIn("open sesame")).reveal(), /^houston-token-/);
  await assert.rejects(signIn("hush"), (error: Error) => {
    assert.ok("code" in error && error.code === "provider_refused");
    return !Deno.inspect(error).includes("hush");
  });
  await assert.rejects(
    meeting.fob.signInWithPassword({ host: "http://x.example" }, "a", new Secret("hush")),
    {
      code: "usage",
    },
  );
});

Deno.test("an answer without a token that could be one is a refusal", async () => {
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

Deno.test("without a host the platform's own API is asked", async () => {
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
