import assert from "node:assert/strict";
import { Secret } from "../../src/secret.ts";
import type { SecretStore } from "../../src/stores/secret_store.ts";
import { CredentialManagerStore } from "../../src/stores/windows/credential_manager.ts";
import { MemoryCredentials } from "../fakes/stores/memory_credentials.ts";
import {
  type CredentialManagerProcess,
  CredentialManagerRig,
  hasCredentialManager,
} from "../rigs/credential_manager.ts";
import { type FailingStore, testSecretStore } from "./secret_store.ts";

const ignore = !await hasCredentialManager();
let rig: CredentialManagerRig | undefined;

Deno.test.beforeAll(async () => {
  if (!ignore) rig = await CredentialManagerRig.start();
});

Deno.test.afterAll(async () => {
  await rig?.[Symbol.asyncDispose]();
});

function start(service: string): CredentialManagerProcess {
  assert.ok(rig !== undefined);
  return rig.open(service);
}

/** An empty store: each has its own service name in the shared Credential Manager. */
function open(): Promise<CredentialManagerProcess> {
  const store = start(`fob-test-${crypto.randomUUID()}`);
  const end = store[Symbol.asyncDispose].bind(store);
  store[Symbol.asyncDispose] = async (): Promise<void> => {
    await store.clear();
    await end();
  };
  return Promise.resolve(store);
}

// Wine's calls cannot be made to fail: the fake below returns the statuses of Windows.
testSecretStore({
  name: "credential manager",
  place: Deno.build.os === "windows" ? "Windows" : "Wine",
  ignore,
  open,
  reopen: (store) => Promise.resolve(start((store as CredentialManagerProcess).service)),
  failing: [],
});

Deno.test({ name: "credential manager: fob opens it on Windows", ignore }, async () => {
  assert.ok(rig !== undefined);
  const child = rig.run(`${import.meta.dirname}/../rigs/print_keychain.ts`);
  await child.stdin.close();
  const { stdout } = await child.output();
  assert.equal(new TextDecoder().decode(stdout).trim(), "credential-manager ready");
});

Deno.test(
  { name: "credential manager: similar account names have separate entries", ignore },
  async () => {
    await using store = await open();
    const accounts = [
      "oidc:WORK",
      "oidc:Work",
      "oidc:a",
      "oidc:a/b",
      "oidc:a_b",
      "oidc:a\\b",
      "oidc:work",
    ];
    for (const account of accounts) await store.set(account, new Secret(account.repeat(1000)));
    assert.deepEqual(await store.list(), accounts.toSorted());
    for (const account of accounts) {
      assert.equal((await store.get(account))?.reveal(), account.repeat(1000));
      assert.equal(await store.delete(account), true);
    }
    assert.deepEqual(await store.list(), []);
  },
);

Deno.test({
  name: "credential manager: concurrent readers find complete secrets",
  ignore,
}, async () => {
  await using store = await open();
  const secrets = ["a", "b", "c"].map((name) => new Secret(name.repeat(20_000)));
  const allowed = new Set<string | undefined>(secrets.map((secret) => secret.reveal()));
  await store.set("oidc:work", secrets[0] as Secret);
  await using first = start(store.service);
  await using second = start(store.service);
  const writing = new AbortController();
  const reading = Promise.all([first, second].map((it) => readUntil(writing.signal, it, allowed)));
  // Awaited below; this prevents an unhandled rejection until then.
  reading.catch(() => {});
  for (let round = 0; round < 60; round++) {
    await store.set("oidc:work", secrets[round % secrets.length] as Secret);
  }
  writing.abort();
  for (const count of await reading) assert.ok(count > 0);
});

async function readUntil(
  end: AbortSignal,
  store: SecretStore,
  allowed: ReadonlySet<string | undefined>,
): Promise<number> {
  let count = 0;
  while (!end.aborted) {
    try {
      const found = (await store.get("oidc:work"))?.reveal();
      assert.ok(allowed.has(found), `${found?.slice(0, 20)} of ${found?.length} characters`);
      count++;
    } catch (error) {
      // Wine reads one registry value after another, so a removal can interfere.
      if (!/returned error 1018\b/.test(String(error))) throw error;
    }
  }
  return count;
}

function failing(
  state: string,
  code: FailingStore["code"],
  fail: (set: MemoryCredentials) => void,
): FailingStore {
  return {
    state,
    code,
    open: async ({ account, secret }) => {
      const set = new MemoryCredentials();
      const store = new CredentialManagerStore({ open: () => set });
      await store.set(account, secret);
      fail(set);
      return store;
    },
  };
}

function answering(status: number, code: FailingStore["code"]): FailingStore {
  return failing(`answering ${status}`, code, (set) => set.failure = status);
}

const sets = new WeakMap<CredentialManagerStore, MemoryCredentials>();

function openDouble(set = new MemoryCredentials()): Promise<CredentialManagerStore> {
  const store = new CredentialManagerStore({ open: () => set });
  sets.set(store, set);
  return Promise.resolve(store);
}

testSecretStore({
  name: "credential manager",
  place: "fake",
  open: () => openDouble(),
  reopen: (store) => openDouble(sets.get(store as CredentialManagerStore)),
  failing: [
    answering(0, "store_failed"),
    answering(5, "store_denied"),
    answering(258, "store_timeout"),
    answering(1053, "store_timeout"),
    answering(1223, "store_cancelled"),
    answering(1312, "store_unavailable"),
    answering(1314, "store_denied"),
    answering(1460, "store_timeout"),
    answering(1722, "store_failed"),
    answering(1783, "store_failed"),
  ],
});
