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

/** Texts for a terminal or a profile must have no control or invisible characters. */
function assertPlain(...texts: readonly (string | undefined)[]): void {
  for (const text of texts) assert.doesNotMatch(text ?? "", /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
}

/** Calls all functions, also after errors. Throws all FobErrors as one. */
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

/** The first line is the `Link` header, the rest the body. The next page must have the same origin. */
function page(bytes: Bytes): void {
  const [link = "", ...rest] = new TextDecoder("latin1").decode(bytes).split("\n");
  const [url, pages] = [new URL("/v1/things?a=b", host), { member: "next", parameter: "page" }];
  const headers = new Headers();
  // fetch never returns an invalid header.
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

/** Readers of responses in formats of single platforms. */
export const serverReaders: readonly Reader[] = [
  { name: "the tokens of a Databricks workspace", corpus: "databricks_tokens", read: issued },
  { name: "an error of Databricks' token API", corpus: "databricks_tokens", read: refused },
  {
    name: "the creator of a Databricks app",
    corpus: "databricks_app",
    read: async (bytes) =>
      assertPlain(await appCreator(host, "app", token, { fetch: answering(bytes) })),
  },
  { name: "lists of Databricks", corpus: "databricks_lists", read: lists },
  { name: "metadata of a Databricks host", corpus: "databricks_host", read: hostMetadata },
  { name: "a token introspection of Databricks", corpus: "introspection", read: introspection },
  { name: "the sign-in configuration of Astro", corpus: "astro_config", read: astroConfig },
  { name: "a response of Astro's API", corpus: "astro_graphql", read: graphql },
  { name: "an identity token of a CI service", corpus: "pipeline_identity", read: identityToken },
  { name: "the link to the next page", corpus: "page", read: page },
];
