import assert from "node:assert/strict";
import { FobError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import { FallbackStore } from "../../src/stores/fallback_store.ts";
import { MemoryStore } from "../fakes/stores/memory_store.ts";
import { type Circumstances, type Keychain, type KeychainState } from "../rigs/keychain.ts";
import { makeKeychain } from "../rigs/keychain.ts";
import { makeMacKeychain } from "../rigs/mac_keychain.ts";
import type { RemoteStore } from "../rigs/remote_store.ts";
import { missingRigs } from "../rigs/rigs.ts";
import { type FailingStore, testSecretStore } from "./secret_store.ts";

const isMac = Deno.build.os === "darwin";
const ignore = isMac || (await missingRigs()).includes("keychain");

/** A keychain that is disposed of with its store. */
type Owner = AsyncDisposable & { open(circumstances?: Circumstances): RemoteStore };

const owners = new WeakMap<object, Owner>();

/** A store that also disposes of its keychain. */
function owned(keychain: Owner, circumstances?: Circumstances): RemoteStore {
  const store = keychain.open(circumstances);
  const end = store[Symbol.asyncDispose].bind(store);
  store[Symbol.asyncDispose] = async () => {
    await end();
    await keychain[Symbol.asyncDispose]();
  };
  owners.set(store, keychain);
  return store;
}

async function keep(keychain: Owner, { account, secret }: Kept): Promise<void> {
  await using store = keychain.open();
  await store.set(account, secret);
}

type Kept = Parameters<FailingStore["open"]>[0];

function failing(
  code: FailingStore["code"],
  state: KeychainState,
  circumstances: Circumstances = {},
): FailingStore {
  return {
    state: `${state} ${JSON.stringify(circumstances)}`,
    code,
    open: async (kept) => {
      const keychain = await makeKeychain();
      await keep(keychain, kept);
      await keychain.become(state);
      const store = owned(keychain, circumstances);
      // Starts the store's process with a call that it refuses, so that only the tested call is timed.
      await assert.rejects(store.get(""), { code: "store_failed" });
      return store;
    },
  };
}

testSecretStore({
  name: "keychain",
  place: "fake",
  ignore,
  open: async () => owned(await makeKeychain()),
  reopen: (store) => Promise.resolve(owners.get(store)!.open()),
  failing: [
    failing("store_locked", "locked"),
    failing("store_locked", "locked", { person: "allows", session: "remote" }),
    failing("store_denied", "locked", { person: "denies" }),
    failing("store_cancelled", "locked", { person: "dismisses" }),
    failing("store_timeout", "unlocked", {
      delay: "SecItem*=60000,SecKeychainCopyDefault=60000",
    }),
    failing("store_unavailable", "none"),
    failing("store_unavailable", "unlocked", {
      status: "SecItem*=-25291,SecKeychainCopyDefault=-25291",
    }),
  ],
});

if (isMac) {
  testSecretStore({
    name: "keychain",
    place: "macOS",
    open: async () => owned(await makeMacKeychain()),
    reopen: (store) => Promise.resolve(owners.get(store)!.open()),
    failing: [{
      state: "locked",
      code: "store_locked",
      open: async (kept) => {
        const keychain = await makeMacKeychain();
        await keep(keychain, kept);
        await keychain.lock();
        return owned(keychain);
      },
    }],
  });
}

/** A test on a fake keychain, built with the macros `defined`. */
function test(
  name: string,
  check: (keychain: Keychain) => Promise<void>,
  ...defined: string[]
): void {
  Deno.test({ name: `keychain: ${name}`, ignore }, async () => {
    const keychain = await makeKeychain(...defined);
    await check(keychain);
    await keychain[Symbol.asyncDispose]();
  });
}

test("1,000 rounds of set, get and delete leak nothing and release nothing twice", async (keychain) => {
  await using store = keychain.open();
  for (let i = 0; i < 1_000; i++) {
    await store.set("oidc:work", new Secret(`secret ${i}`));
    assert.equal((await store.get("oidc:work"))?.reveal(), `secret ${i}`);
    assert.equal(await store.delete("oidc:work"), true);
  }
});

test("an item has a label and a comment that name fob", async (keychain) => {
  await keep(keychain, { account: "oidc:work", secret: new Secret("kept") });
  assert.deepEqual(await keychain.items(), [{
    service: "fob",
    account: "oidc:work",
    label: "fob: oidc:work",
    comment: "Kept by fob 0.0.1",
    build: "first",
    data: "kept",
  }]);
});

test("set replaces an item of another build by one that this build may read", async (keychain) => {
  await keep(keychain, { account: "oidc:work", secret: new Secret("old") });
  await using store = keychain.open({ build: "second" });
  await assert.rejects(store.get("oidc:work"), { code: "store_denied" });
  await store.set("oidc:work", new Secret("new"));
  assert.equal((await store.get("oidc:work"))?.reveal(), "new");
  const [item, ...others] = await keychain.items();
  assert.deepEqual([item?.build, others], ["second", []]);
});

test("readers find the new item while it is replaced", async (keychain) => {
  await keep(keychain, { account: "oidc:work", secret: new Secret("old") });
  await using writer = keychain.open({ build: "second", delay: "SecItemAdd@3=2500" });
  await using reader = keychain.open({ build: "second" });
  let isWritten = false;
  const written = writer.set("oidc:work", new Secret("new")).finally(() => isWritten = true);
  while ((await keychain.items()).some(({ service }) => service === "fob")) {
    assert.ok(!isWritten, "the writer did not stop between delete and add");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal((await reader.get("oidc:work"))?.reveal(), "new");
  assert.deepEqual(await reader.list(), ["oidc:work"]);
  await written;
  assert.equal((await keychain.items()).length, 1);
});

test("a write that fails halfway loses nothing", async (keychain) => {
  await keep(keychain, { account: "oidc:work", secret: new Secret("old") });
  const circumstances = { build: "second", status: "SecItemAdd@3=-25308" };
  await using store = keychain.open(circumstances);
  await assert.rejects(store.set("oidc:work", new Secret("new")), { code: "store_locked" });
  assert.equal((await store.get("oidc:work"))?.reveal(), "new");
  assert.equal(await store.delete("oidc:work"), true);
  assert.deepEqual(await keychain.items(), []);
});

for (const [what, build] of [["changed", "first"], ["replaced", "second"]] as const) {
  test(`a kill while an item is ${what} leaves the complete old or new secret`, async (keychain) => {
    const found = new Set<string>();
    for (let kill = 1, isKilled = true; isKilled; kill++) {
      await keep(keychain, { account: "oidc:work", secret: new Secret("old") });
      isKilled = await killWhile(keychain, { build, kill });
      found.add(await readAsAnyBuild(keychain));
      await using store = keychain.open({ build });
      await store.set("oidc:work", new Secret("newer"));
      assert.equal((await keychain.items()).length, 1, "one entry without copies");
      assert.equal(await store.delete("oidc:work"), true);
    }
    assert.deepEqual(found, new Set(["old", "new"]));
  });
}

/** Whether a write of "new" was killed at that point; `false` if it ended before. */
async function killWhile(keychain: Keychain, circumstances: Circumstances): Promise<boolean> {
  const store = keychain.open({ ...circumstances });
  try {
    await store.set("oidc:work", new Secret("new"));
    await store[Symbol.asyncDispose]();
    return false;
  } catch (error) {
    assert.ok(!(error instanceof FobError), String(error));
    await store[Symbol.asyncDispose]();
    return true;
  }
}

async function readAsAnyBuild(keychain: Keychain): Promise<string> {
  await using store = keychain.open({ person: "allows" });
  assert.deepEqual(await store.list(), ["oidc:work"]);
  return (await store.get("oidc:work"))?.reveal() ?? "nothing";
}

test("a locked keychain is unlocked if a prompt is allowed", async (keychain) => {
  await keep(keychain, { account: "oidc:work", secret: new Secret("kept") });
  await keychain.become("locked");
  await using store = keychain.open({ person: "allows" });
  assert.equal((await store.probe()).state, "locked");
  await store.assertWritable("oidc:work");
  assert.equal((await store.probe()).state, "ready");
  assert.equal((await store.get("oidc:work"))?.reveal(), "kept");
  assert.deepEqual(await store.list(), ["oidc:work"]);
});

test("a locked keychain still lists accounts, and a missing account is undefined", async (keychain) => {
  await keep(keychain, { account: "oidc:work", secret: new Secret("kept") });
  await keychain.become("locked");
  await using store = keychain.open();
  assert.equal(await store.get("oidc:missing"), undefined);
  assert.deepEqual(await store.list(), ["oidc:work"]);
});

test("without a default keychain, every call is store_unavailable", async (keychain) => {
  await keychain.become("none");
  await using store = keychain.open();
  for (const call of [store.get("oidc:work"), store.list(), store.delete("oidc:work")]) {
    await assert.rejects(call, { code: "store_unavailable" });
  }
});

test("a search that fails without a result is store_unavailable", async (keychain) => {
  await keep(keychain, { account: "oidc:work", secret: new Secret("kept") });
  await using store = keychain.open({
    status: "SecItemCopyMatching=-25300,SecKeychainGetStatus=-25291",
  });
  for (const call of [store.get("oidc:work"), store.list(), store.delete("oidc:work")]) {
    await assert.rejects(call, { code: "store_unavailable" });
  }
});

test("no keychain state makes a login go to the plaintext file", async (keychain) => {
  const states: [KeychainState, Circumstances][] = [
    ["locked", {}],
    ["none", {}],
    ["read-only", {}],
    ["unlocked", { status: "SecItem*=-25291,SecKeychainCopyDefault=-25291" }],
    ["unlocked", { status: "SecItem*=-34018" }],
  ];
  for (const [state, circumstances] of states) {
    await keychain.become(state);
    await using store = keychain.open(circumstances);
    const file = new MemoryStore();
    const fallback = new FallbackStore({ keychain: store, file, notice: () => {} });
    await assert.rejects(fallback.set("oidc:work", new Secret("new")), FobError);
    assert.deepEqual(await file.list(), [], state);
  }
});

test("a read-only keychain can be read, and a write says that it is read-only", async (keychain) => {
  await keep(keychain, { account: "oidc:work", secret: new Secret("kept") });
  await keychain.become("read-only");
  await using store = keychain.open();
  assert.equal((await store.get("oidc:work"))?.reveal(), "kept");
  await assert.rejects(store.delete("oidc:work"), /read-only/);
  await assert.rejects(store.set("oidc:work", new Secret("new")), /read-only/);
});

test("the store works without the deprecated functions of macOS", async (keychain) => {
  // Without those functions fob cannot tell whether a prompt is possible.
  await using store = keychain.open({ person: "allows" });
  assert.deepEqual(await store.probe(), { state: "ready" });
  await store.assertWritable("oidc:work");
  await store.set("oidc:work", new Secret("first"));
  await store.set("oidc:work", new Secret("second"));
  assert.equal((await store.get("oidc:work"))?.reveal(), "second");
  assert.equal(await store.delete("oidc:work"), true);
  assert.equal(await store.get("oidc:work"), undefined);
}, "WITHOUT_DEPRECATED");

test("an item of another program without an account is ignored", async (keychain) => {
  await keep(keychain, { account: "oidc:work", secret: new Secret("kept") });
  await keychain.putForeign({ service: "fob", account: "" });
  await using store = keychain.open();
  assert.deepEqual(await store.list(), ["oidc:work"]);
});

test("an empty account, or one with a NUL, is refused", async (keychain) => {
  await using store = keychain.open();
  assert.deepEqual(await store.list(), []);
  for (const account of ["", "oidc:a\0b"]) {
    await assert.rejects(store.set(account, new Secret("x")), { code: "store_failed" });
    await assert.rejects(store.get(account), { code: "store_failed" });
  }
});
