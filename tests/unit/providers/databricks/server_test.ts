import assert from "node:assert/strict";
import { databricks } from "../../../../src/providers/databricks/platform.ts";
import { databricksHooks } from "../../../../src/providers/databricks/server.ts";
import { oauthProvider } from "../../../../src/providers/oauth_provider.ts";
import type { OAuthProvider, SignedIn, SignInTarget } from "../../../../src/providers/provider.ts";
import type { HostType } from "../../../fakes/servers/databricks_host.ts";
import { DatabricksServer } from "../../../fakes/servers/databricks_server.ts";
import { fakePrompts, visit } from "../../oauth/fixture.ts";

const signal = new AbortController().signal;

/** A fake Databricks host and a provider for it. */
class Setup implements AsyncDisposable {
  readonly server: DatabricksServer;
  readonly fob: OAuthProvider;

  constructor(type: HostType = "workspace") {
    this.server = new DatabricksServer({ type });
    const needs = { fetch: globalThis.fetch, now: Date.now };
    this.fob = oauthProvider(databricks, needs, databricksHooks);
  }

  get origin(): string {
    return this.server.host.origin;
  }

  signIn(target: SignInTarget = {}): Promise<SignedIn> {
    const prompts = fakePrompts({ onUrl: (url) => void visit(url) });
    const asked = { host: this.origin, ...target };
    return this.fob.signIn(asked, "browser", prompts, () => Promise.resolve(), signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
  }
}

Deno.test("a workspace sign-in uses the platform's client and returns the account and workspace", async () => {
  await using setup = new Setup();
  const { issuer, clientId, identity, place } = await setup.signIn();
  assert.equal(issuer, `${setup.origin}/oidc`);
  assert.equal(clientId, "databricks-cli");
  assert.equal(identity, "ada@example.com");
  const { accountId, workspaceId } = setup.server.host;
  assert.deepEqual(place, { accountId, workspaceId });
});

Deno.test("the requested workspace takes precedence over the host's metadata", async () => {
  await using setup = new Setup();
  const { place } = await setup.signIn({ workspaceId: "7" });
  assert.equal(place?.workspaceId, "7");
});

Deno.test("at a unified host the account's server issues and refreshes the tokens", async () => {
  await using setup = new Setup("unified");
  const signedIn = await setup.signIn();
  const { accountId } = setup.server.host;
  assert.equal(signedIn.issuer, `${setup.origin}/oidc/accounts/${accountId}`);
  const { accessToken } = await setup.fob.refresh(signedIn);
  assert.equal(setup.server.principalOf(accessToken.reveal()), "ada@example.com");
});

Deno.test("a refresh does not read the host's metadata", async () => {
  await using setup = new Setup();
  const signedIn = await setup.signIn();
  const before = setup.server.count("host_metadata");
  await setup.fob.refresh(signedIn);
  assert.equal(setup.server.count("host_metadata"), before);
});

Deno.test("a host without metadata is a workspace", async () => {
  await using setup = new Setup();
  await setup.server.fault("host_metadata", "404");
  const { issuer, place } = await setup.signIn();
  assert.equal(issuer, `${setup.origin}/oidc`);
  assert.deepEqual(place, {});
});

Deno.test("an expired Databricks login is sign_in_again with the server's message", async () => {
  await using setup = new Setup();
  const signedIn = await setup.signIn();
  setup.server.revokeAll();
  await assert.rejects(setup.fob.refresh(signedIn), {
    code: "sign_in_again",
    message: /Refresh token is invalid/,
  });
});

Deno.test("a Databricks sign-in without a host is a usage error", async () => {
  await using setup = new Setup();
  const client = { clientId: "robot" };
  await assert.rejects(setup.fob.signInClient(client), { code: "usage" });
});

Deno.test("the accounts console requires an account ID", async () => {
  await using setup = new Setup();
  const target = { host: "https://accounts.cloud.databricks.invalid", clientId: "robot" };
  await assert.rejects(setup.fob.find(target, signal), {
    code: "usage",
    message: /^--account-id is required to sign in to ".*", which serves several accounts$/,
  });
  const { issuer } = await setup.fob.find({ ...target, accountId: "a-1" }, signal);
  assert.equal(issuer, "https://accounts.cloud.databricks.invalid/oidc/accounts/a-1");
});
