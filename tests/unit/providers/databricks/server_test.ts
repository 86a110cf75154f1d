import assert from "node:assert/strict";
import { databricks } from "../../../../src/providers/databricks/platform.ts";
import { databricksHooks } from "../../../../src/providers/databricks/server.ts";
import { oauthProvider } from "../../../../src/providers/oauth_provider.ts";
import type { OAuthProvider, SignedIn, SignInTarget } from "../../../../src/providers/provider.ts";
import type { HostType } from "../../../fakes/servers/databricks_host.ts";
import { DatabricksServer } from "../../../fakes/servers/databricks_server.ts";
import { fakePrompts, visit } from "../../oauth/fixture.ts";

const signal = new AbortController().signal;

/** A Databricks host, and fob's way to sign in there. */
class PromptOptions implements AsyncDisposable {
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

Deno.test("a workspace is signed in to by its own client, ports and scopes, and says where it is", async () => {
  await using meeting = new PromptOptions();
  const { issuer, clientId, identity, place } = await meeting.signIn();
  assert.equal(issuer, `${meeting.origin}/oidc`);
  assert.equal(clientId, "databricks-cli");
  assert.equal(identity, "ada@example.com");
  const { accountId, workspaceId } = meeting.server.host;
  assert.deepEqual(place, { accountId, workspaceId });
});

Deno.test("what a person says of the place goes before what the host says", async () => {
  await using meeting = new PromptOptions();
  const { place } = await meeting.signIn({ workspaceId: "7" });
  assert.equal(place?.workspaceId, "7");
});

Deno.test("at a unified host the account's server issues the tokens, and refreshes them", async () => {
  await using meeting = new PromptOptions("unified");
  const signedIn = await meeting.signIn();
  const { accountId } = meeting.server.host;
  assert.equal(signedIn.issuer, `${meeting.origin}/oidc/accounts/${accountId}`);
  const { accessToken } = await meeting.fob.refresh(signedIn);
  assert.equal(meeting.server.principalOf(accessToken.reveal()), "ada@example.com");
});

Deno.test("a refresh goes to the issuer alone, and asks the host nothing", async () => {
  await using meeting = new PromptOptions();
  const signedIn = await meeting.signIn();
  const before = meeting.server.count("host_metadata");
  await meeting.fob.refresh(signedIn);
  assert.equal(meeting.server.count("host_metadata"), before);
});

Deno.test("a host that says nothing of itself is taken for a workspace", async () => {
  await using meeting = new PromptOptions();
  await meeting.server.fault("host_metadata", "404");
  const { issuer, place } = await meeting.signIn();
  assert.equal(issuer, `${meeting.origin}/oidc`);
  assert.deepEqual(place, {});
});

Deno.test("a login that has ended is told in Databricks' words, and must be begun again", async () => {
  await using meeting = new PromptOptions();
  const signedIn = await meeting.signIn();
  meeting.server.revokeAll();
  await assert.rejects(meeting.fob.refresh(signedIn), {
    code: "sign_in_again",
    message: /Refresh token is invalid/,
  });
});

Deno.test("without a host there is nowhere to sign in to", async () => {
  await using meeting = new PromptOptions();
  const client = { clientId: "robot" };
  await assert.rejects(meeting.fob.signInClient(client), { code: "usage" });
});

Deno.test("an account's host needs to be told which account", async () => {
  await using meeting = new PromptOptions();
  const target = { host: "https://accounts.cloud.databricks.invalid", clientId: "robot" };
  await assert.rejects(meeting.fob.find(target, signal), {
    code: "usage",
    message: /which one is not said/,
  });
  const { issuer } = await meeting.fob.find({ ...target, accountId: "a-1" }, signal);
  assert.equal(issuer, "https://accounts.cloud.databricks.invalid/oidc/accounts/a-1");
});
