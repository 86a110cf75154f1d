import assert from "node:assert/strict";
import { nextPage } from "../../../src/api/pages.ts";
import { FobError } from "../../../src/errors.ts";
import type { Lookup } from "../../../src/oauth/metadata.ts";
import {
  azurePipelinesIdentity,
  githubActionsIdentity,
} from "../../../src/oauth/pipeline_identity.ts";
import { tokenForPassword } from "../../../src/providers/astro_private.ts";
import { astroHooks } from "../../../src/providers/astro_server.ts";
import { appCreator } from "../../../src/providers/databricks/app.ts";
import { listClusters, listWorkspaces } from "../../../src/providers/databricks/lists.ts";
import { databricksHooks } from "../../../src/providers/databricks/server.ts";
import { databricksTokens } from "../../../src/providers/databricks/tokens.ts";
import { Secret } from "../../../src/secret.ts";
import { held, noon } from "../oauth/fixture.ts";
import { answering, type Reader } from "./reader.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const host = "https://api.example.com";
const token = new Secret("own-cAnArY");
const authorization = { issuer: host, clientId: "fob", tokens: held };

function lookup(bytes: Bytes): Lookup {
  return { fetch: answering(bytes), now: () => noon };
}

/** Whatever a person is shown, or a profile is to hold, has nothing that is not what it looks like. */
function assertPlain(...texts: readonly (string | undefined)[]): void {
  for (const text of texts) assert.doesNotMatch(text ?? "", /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
}

/** Asks every question, whatever became of the ones before. Throws all that was refused as one. */
async function each(...questions: readonly (() => Promise<unknown>)[]): Promise<void> {
  const refusals: FobError[] = [];
  for (const ask of questions) {
    await ask().catch((error) => {
      if (!(error instanceof FobError)) throw error;
      refusals.push(error);
    });
  }
  const [first] = refusals;
  if (first === undefined) return;
  throw new FobError(first.code, refusals.map(({ message }) => message).join("; "));
}

async function issued(bytes: Bytes): Promise<void> {
  const issuer = databricksTokens(host, { fetch: answering(bytes), now: () => noon });
  await each(
    async () => assertPlain(await issuer.identify(token)),
    async () => {
      const { expiresAt } = await issuer.mint(token, { comment: "fob", lifetime: 60_000 });
      assert.ok(Number.isFinite(expiresAt));
    },
    async () => {
      for (const { id } of await issuer.list(token)) assert.notEqual(id, "");
    },
    () => issuer.revoke(token, "id"),
  );
}

async function refused(bytes: Bytes): Promise<void> {
  const issuer = databricksTokens(host, { fetch: answering(bytes, 404), now: () => noon });
  await each(() => issuer.identify(token), () => issuer.revoke(token, "id"));
}

async function lists(bytes: Bytes): Promise<void> {
  const options = { fetch: answering(bytes) };
  const place = { host, accountId: "1", workspaceId: "2" };
  for (const list of [listWorkspaces, listClusters]) {
    for (const { id, name } of await list(place, token, options)) assertPlain(id, name);
  }
}

async function hostMetadata(bytes: Bytes): Promise<void> {
  await databricksHooks.findServer({ host }, lookup(bytes));
}

async function introspection(bytes: Bytes): Promise<void> {
  const place = await databricksHooks.locate?.(authorization, host, lookup(bytes));
  assertPlain(place?.accountId, place?.workspaceId);
  assertPlain(await databricksHooks.identify(authorization, host, lookup(bytes)));
}

async function astroConfig(bytes: Bytes): Promise<void> {
  const { server } = await astroHooks.findServer({ host }, lookup(bytes));
  assert.match(server.metadata.issuer, /^https:/);
}

async function graphql(bytes: Bytes): Promise<void> {
  const password = new Secret("cAnArY");
  const found = await tokenForPassword(new URL(host), "ada", password, lookup(bytes));
  assert.match(found.reveal(), /^[\x21-\x7e]+$/);
}

async function identityToken(bytes: Bytes): Promise<void> {
  const get = (name: string): string => name.endsWith("URL") || name.endsWith("URI") ? host : "x";
  const needs = { get, fetch: answering(bytes) };
  const found = [await githubActionsIdentity("aud", needs), await azurePipelinesIdentity(needs)];
  for (const identity of found) assert.match(identity.reveal(), /^[\x21-\x7e]+$/);
}

/** The first line is the `Link` header, the rest the body. No next page is of another origin. */
function page(bytes: Bytes): void {
  const [link = "", ...rest] = new TextDecoder("latin1").decode(bytes).split("\n");
  const [url, pages] = [new URL("/v1/things?a=b", host), { member: "next", parameter: "page" }];
  const headers = new Headers();
  // What cannot be in a header no fetch brings.
  try {
    headers.set("link", link);
  } catch {
    return;
  }
  for (const tokens of [undefined, { pages, text: rest.join("\n") }]) {
    const next = nextPage({ headers }, url, new URL(host), tokens);
    assert.equal(next?.origin ?? host, host);
  }
}

/** The readers of what platforms answer in ways of their own. */
export const serverReaders: readonly Reader[] = [
  { name: "the tokens of a Databricks workspace", corpus: "databricks_tokens", read: issued },
  { name: "a refusal of Databricks' tokens", corpus: "databricks_tokens", read: refused },
  {
    name: "who made an app of Databricks",
    corpus: "databricks_app",
    read: async (bytes) =>
      assertPlain(await appCreator(host, "app", token, { fetch: answering(bytes) })),
  },
  { name: "what Databricks lists", corpus: "databricks_lists", read: lists },
  { name: "what a Databricks host says of itself", corpus: "databricks_host", read: hostMetadata },
  { name: "what a Databricks token is for", corpus: "introspection", read: introspection },
  { name: "how to sign in to Astro", corpus: "astro_config", read: astroConfig },
  { name: "an answer of Astro's own API", corpus: "astro_graphql", read: graphql },
  { name: "an identity token of a pipeline", corpus: "pipeline_identity", read: identityToken },
  { name: "where the next page is", corpus: "page", read: page },
];
