import assert from "node:assert/strict";
import type { SignInPrompts } from "../../../src/oauth/grants/sign_in_prompts.ts";
import { databricks } from "../../../src/providers/databricks/platform.ts";
import { databricksHooks } from "../../../src/providers/databricks/server.ts";
import { oauthProvider } from "../../../src/providers/oauth_provider.ts";
import type { OAuthProvider, SignedIn } from "../../../src/providers/provider.ts";
import { DatabricksServer } from "../../fakes/servers/databricks_server.ts";

const clientId = "databricks-cli";

function prompts(visit: (url: URL) => Promise<void>): SignInPrompts {
  return {
    openAuthorizationUrl: visit,
    showUserCode: () => Promise.resolve(),
    pastedLines: async function* (): AsyncGenerator<string> {},
    rejectPaste: () => {},
    notice: () => {},
  };
}

/** A provider with its page at `discoveryHost`, and the origins that it has sent requests to. */
function providerAt(discoveryHost: string): { provider: OAuthProvider; asked: string[] } {
  const asked: string[] = [];
  const fetchLogged = (url: string, init: RequestInit): Promise<Response> => {
    asked.push(new URL(url).origin);
    return fetch(url, init);
  };
  const needs = { fetch: fetchLogged, now: Date.now };
  return {
    provider: oauthProvider({ ...databricks, discoveryHost }, needs, databricksHooks),
    asked,
  };
}

async function signIn(
  provider: OAuthProvider,
  visit: (url: URL) => Promise<void>,
): Promise<SignedIn> {
  const keep = (): Promise<void> => Promise.resolve();
  const signal = AbortSignal.timeout(20_000);
  return await provider.signIn({ clientId }, "browser", prompts(visit), keep, signal);
}

/** Answers the sign-in with the correct state and these additional parameters. */
async function answer(url: URL, parameters: Readonly<Record<string, string>>): Promise<void> {
  const destination = url.searchParams.get("destination_url") ?? "";
  const { searchParams } = new URL(destination, "https://login.example");
  const callback = new URL(searchParams.get("redirect_uri") ?? "");
  const state = searchParams.get("state") ?? "";
  for (const [name, value] of Object.entries({ code: "c", state, ...parameters })) {
    callback.searchParams.set(name, value);
  }
  await (await fetch(callback)).body?.cancel();
}

Deno.test("a discovery sign-in returns the host, the account and the workspace", async () => {
  const server = new DatabricksServer();
  try {
    const { origin, accountId, workspaceId } = server.host;
    const { provider } = providerAt(origin);
    const signedIn = await signIn(provider, async (url) => {
      assert.equal(url.origin, origin);
      await (await fetch(url)).body?.cancel();
    });
    assert.equal(signedIn.issuer, `${origin}/oidc`);
    assert.equal(signedIn.host, origin);
    assert.deepEqual(signedIn.place, { accountId, workspaceId });
    assert.notEqual(signedIn.tokens.refreshToken, undefined);
  } finally {
    await server.close();
  }
});

for (
  const [what, discoveryHost, iss] of [
    ["of another domain", "https://login.databricks.com", "https://evil.example/oidc"],
    [
      "with a similar name",
      "https://login.databricks.com",
      "https://evilcloud.databricks.com.example",
    ],
    ["on this computer", "https://login.databricks.com", "https://127.0.0.1:9/oidc"],
  ] as const
) {
  Deno.test(`a callback with an issuer ${what} gets no code`, async () => {
    const { provider, asked } = providerAt(discoveryHost);
    await assert.rejects(signIn(provider, (url) => answer(url, { iss })), {
      code: "issuer_mismatch",
    });
    assert.deepEqual(asked, []);
  });
}

Deno.test("a callback without an issuer, or with an http issuer, gets no code", async () => {
  const { provider, asked } = providerAt("https://login.databricks.com");
  await assert.rejects(signIn(provider, (url) => answer(url, {})), {
    message: "callback did not include an issuer (iss) parameter",
  });
  const iss = "http://a.cloud.databricks.com/oidc";
  await assert.rejects(signIn(provider, (url) => answer(url, { iss })), {
    code: "provider_answer_invalid",
  });
  assert.deepEqual(asked, []);
});
