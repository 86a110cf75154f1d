import assert from "node:assert/strict";
import { decode, encode } from "../../../src/credentials/envelope.ts";
import { DatabricksProfiles } from "../../../src/databricks/config_file.ts";
import { LegacyStore } from "../../../src/databricks/token_cache_store.ts";
import { Secret } from "../../../src/secret.ts";
import { TokenCacheFile } from "../../../src/stores/token_cache_file.ts";
import { systemClock } from "../../../src/system/clock.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";

const host = "https://h.example";
const config = `[work]
host = ${host}
account_id = acc
auth_type = databricks-cli
[play]
host = ${host}
auth_type = databricks-cli
`;
const entry = { access_token: "a", token_type: "Bearer", refresh_token: "r" };

type Opened = AsyncDisposable & { store: LegacyStore; cache: TokenCacheFile; notices: string[] };

async function open(tokens: Readonly<Record<string, object>>): Promise<Opened> {
  const { path: directory, ...rest } = await makeTemporaryDirectory();
  const path = `${directory}/token-cache.json`;
  await Deno.writeTextFile(path, JSON.stringify({ version: 1, tokens }), { mode: 0o600 });
  const notices: string[] = [];
  const notice = (text: string): void => void notices.push(text);
  const cache = new TokenCacheFile({ path, clock: systemClock(), notice });
  const profiles = (): Promise<DatabricksProfiles> =>
    Promise.resolve(new DatabricksProfiles(config, "config"));
  return { store: new LegacyStore({ cache, profiles, notice }), cache, notices, ...rest };
}

async function issuerOf(store: LegacyStore, account: string): Promise<string | undefined> {
  const secret = await store.get(account);
  const credential = secret && decode(secret, account);
  return credential?.kind === "oauth" ? credential.issuer : undefined;
}

Deno.test("the entry of an account's server shows the issuer of a profile's login", async () => {
  await using unified = await open({ work: entry, [`${host}/oidc/accounts/acc`]: entry });
  assert.equal(await issuerOf(unified.store, "databricks:work"), `${host}/oidc/accounts/acc`);
  await using workspace = await open({ work: entry, [host]: entry });
  assert.equal(await issuerOf(workspace.store, "databricks:work"), `${host}/oidc`);
  assert.deepEqual(workspace.notices, []);
});

Deno.test("a login read from the host's key is stored there again, a profile's login is not", async () => {
  await using opened = await open({ [host]: entry });
  const { store, cache, notices } = opened;
  const secret = await store.get("databricks:play");
  assert.ok(secret);
  await store.set("databricks:play", secret);
  assert.deepEqual(await cache.keys(), [host]);
  assert.deepEqual(notices, [`"play" has no login of its own; using the login for "${host}"`]);
  await store.set("databricks:work", secret);
  assert.deepEqual(await cache.keys(), [host, "work"]);
});

Deno.test("an account that is an address is the entry of that server", async () => {
  await using opened = await open({ [host]: entry });
  assert.equal(await issuerOf(opened.store, `databricks:${host}`), `${host}/oidc`);
  assert.deepEqual(opened.notices, []);
  assert.equal(await opened.store.delete(`databricks:${host}`), true);
  assert.deepEqual(await opened.store.list(), []);
});

Deno.test("a logout keeps the host's entry for another profile of that host", async () => {
  await using opened = await open({ work: entry, play: entry, [host]: entry });
  assert.equal(await opened.store.delete("databricks:play"), true);
  assert.deepEqual(await opened.store.list(), [`databricks:${host}`, "databricks:work"]);
});

Deno.test("a pasted token cannot be stored in the token cache", async () => {
  await using opened = await open({});
  const pat = encode({ kind: "pat", token: new Secret("t"), obtainedAt: 0 });
  await assert.rejects(opened.store.set("databricks:play", pat), { code: "store_failed" });
  assert.deepEqual(await opened.store.list(), []);
});
