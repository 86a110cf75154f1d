import assert from "node:assert/strict";
import type { ErrorCode } from "../../../src/errors.ts";
import { FobError } from "../../../src/errors.ts";
import { present } from "../../../src/present.ts";
import { Secret } from "../../../src/secret.ts";
import { FallbackStore } from "../../../src/stores/fallback_store.ts";
import type { Availability } from "../../../src/stores/secret_store.ts";
import { MemoryStore } from "../../fakes/stores/memory_store.ts";

const account = "oidc:work";
const secret = new Secret("kept");
const notThere: readonly ErrorCode[] = [
  "store_locked",
  "store_denied",
  "store_cancelled",
  "store_timeout",
  "store_corrupt",
  "store_failed",
];

interface Machine {
  readonly keychain: MemoryStore;
  readonly file: MemoryStore;
  readonly store: FallbackStore;
  readonly notices: string[];
}

function machine(keychain = new MemoryStore(), plaintextRefusedBy?: string): Machine {
  const file = new MemoryStore();
  const notices: string[] = [];
  const notice = (text: string): void => void notices.push(text);
  const refused = present({ plaintextRefusedBy });
  return {
    keychain,
    file,
    notices,
    store: new FallbackStore({ keychain, file, notice, ...refused }),
  };
}

function machineWithoutKeychain(plaintextRefusedBy?: string): Machine {
  const made = machine(new MemoryStore(), plaintextRefusedBy);
  made.keychain.failure = "store_unavailable";
  return made;
}

/** A keychain without a default collection. */
class UnfinishedKeychain extends MemoryStore {
  override probe(): Promise<Availability> {
    const reason = "no-default-collection";
    return Promise.resolve({ state: "unavailable", reason, detail: "No collection" });
  }
  override get(): Promise<never> {
    return this.#refuse();
  }
  override set(): Promise<never> {
    return this.#refuse();
  }
  override delete(): Promise<never> {
    return this.#refuse();
  }
  override assertWritable(): Promise<never> {
    return this.#refuse();
  }
  #refuse(): Promise<never> {
    const facts = { reason: "no-default-collection" };
    return Promise.reject(new FobError("store_unavailable", "No collection", { facts }));
  }
}

async function read(store: MemoryStore | FallbackStore): Promise<string | undefined> {
  return (await store.get(account))?.reveal();
}

Deno.test("with a keychain, the file is not used", async () => {
  const { store, keychain, file, notices } = machine();
  await store.assertWritable(account);
  await store.set(account, secret);
  assert.equal(await read(keychain), "kept");
  assert.equal(file.writes, 0);
  assert.deepEqual(notices, []);
});

Deno.test("without a keychain the file is written, and a notice names the file and FOB_NO_PLAINTEXT", async () => {
  const { store, file, notices } = machineWithoutKeychain();
  await store.set(account, secret);
  assert.equal(await read(file), "kept");
  assert.equal(await read(store), "kept");
  assert.equal(notices.length, 1);
  assert.match(notices[0] ?? "", /"memory" in plaintext.*FOB_NO_PLAINTEXT/);
});

Deno.test("if plaintext is forbidden, nothing is written, and the error names the setting", async () => {
  const { store, file, notices } = machineWithoutKeychain("FOB_NO_PLAINTEXT");
  const refusal = {
    code: "plaintext_refused",
    message: "No bus, and FOB_NO_PLAINTEXT forbids plaintext",
    facts: { reason: "no-bus" },
  };
  await assert.rejects(store.set(account, secret), refusal);
  await assert.rejects(store.assertWritable(account), refusal);
  assert.equal(file.writes, 0);
  assert.deepEqual(notices, []);
});

Deno.test("forbidding plaintext has no effect on a working keychain", async () => {
  const { store, keychain } = machine(new MemoryStore(), "FOB_NO_PLAINTEXT");
  await store.set(account, secret);
  assert.equal(await read(keychain), "kept");
});

for (const code of notThere) {
  Deno.test(`a keychain error ${code} never leads to the file`, async () => {
    const { store, keychain, file, notices } = machine();
    await file.set(account, new Secret("old"));
    keychain.failure = code;
    const uses = [
      () => store.get("oidc:other"),
      () => store.set(account, secret),
      () => store.delete(account),
      () => store.list(),
      () => store.assertWritable(account),
      () => store.holderOf("oidc:other"),
    ];
    for (const use of uses) await assert.rejects(use(), { code });
    assert.equal(await read(file), "old");
    assert.equal(file.writes, 1);
    assert.deepEqual(notices, []);
  });
}

Deno.test("a keychain without a default collection does not fall back to plaintext", async () => {
  const { store, file } = machine(new UnfinishedKeychain());
  await file.set(account, new Secret("old"));
  for (const call of ["get", "delete", "assertWritable", "holderOf"] as const) {
    await assert.rejects(store[call]("oidc:other"), { code: "store_unavailable" });
  }
  await assert.rejects(store.set(account, secret), { code: "store_unavailable" });
  assert.equal(await read(file), "old");
});

Deno.test("an entry in the file is found once there is a keychain, and moves with the next write", async () => {
  const { store, keychain, file } = machineWithoutKeychain();
  await store.set(account, new Secret("old"));
  keychain.failure = undefined;
  assert.equal(await read(store), "old");
  await store.set(account, secret);
  assert.equal(await read(keychain), "kept");
  assert.equal(await read(file), undefined);
});

Deno.test("a failed write to the keychain leaves the entry in the file", async () => {
  const { store, keychain, file } = machine();
  await file.set(account, new Secret("old"));
  keychain.failure = "store_timeout";
  await assert.rejects(store.set(account, secret), { code: "store_timeout" });
  assert.equal(await read(file), "old");
});

Deno.test("delete removes the entry from both stores, and returns whether there was one", async () => {
  for (const holders of [["keychain"], ["file"], ["keychain", "file"]] as const) {
    const made = machine();
    for (const holder of holders) await made[holder].set(account, secret);
    assert.equal(await made.store.delete(account), true);
    assert.equal(await read(made.store), undefined);
    assert.equal(await made.store.delete(account), false);
  }
});

Deno.test("list returns the accounts of both stores, each once, sorted", async () => {
  const { store, keychain, file } = machine();
  for (const name of ["c", "a"]) await keychain.set(name, secret);
  for (const name of ["b", "a"]) await file.set(name, secret);
  assert.deepEqual(await store.list(), ["a", "b", "c"]);
  keychain.failure = "store_unavailable";
  assert.deepEqual(await store.list(), ["a", "b"]);
});

Deno.test("the holder of an account is the store from which its secret is read", async () => {
  const { store, keychain, file } = machine();
  assert.equal(await store.holderOf(account), undefined);
  await keychain.set(account, secret);
  assert.equal(await store.holderOf(account), keychain);
  await file.set(account, secret);
  assert.equal(await store.holderOf(account), file);
});

Deno.test("the entry in the file takes precedence over the one in the keychain", async () => {
  const { store, keychain, file } = machine();
  await store.set(account, new Secret("of the desktop"));
  keychain.failure = "store_unavailable";
  await store.set(account, new Secret("of a session without a bus"));
  keychain.failure = undefined;
  assert.equal(await read(store), "of a session without a bus");
  await store.set(account, secret);
  assert.equal(await read(keychain), "kept");
  assert.equal(await read(file), undefined);
});

Deno.test("reading from the file prints no notice about plaintext", async () => {
  const { store, notices } = machineWithoutKeychain();
  await store.probe();
  await store.get(account);
  await store.list();
  await store.delete(account);
  assert.deepEqual(notices, []);
});

Deno.test("a probe reports on the store that would be written", async () => {
  assert.deepEqual(await machine().store.probe(), { state: "ready" });
  assert.deepEqual(await machineWithoutKeychain().store.probe(), { state: "ready" });
  const locked = machine();
  locked.keychain.failure = "store_locked";
  assert.equal((await locked.store.probe()).state, "locked");
});

Deno.test("a probe without a keychain and with plaintext forbidden does not throw", async () => {
  const { store } = machineWithoutKeychain("FOB_NO_PLAINTEXT");
  assert.equal((await store.probe()).state, "unavailable");
});
