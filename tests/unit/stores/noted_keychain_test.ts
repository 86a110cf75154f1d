import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import { FallbackStore } from "../../../src/stores/fallback_store.ts";
import { NotedKeychain } from "../../../src/stores/noted_keychain.ts";
import { makeTemporaryDirectory } from "../../fakes/machine/temporary_directory.ts";
import { MemoryStore } from "../../fakes/stores/memory_store.ts";

const account = "oidc:work";
const secret = new Secret("kept");
const isThere = {
  code: "store_unavailable",
  message: 'The login "work" is stored in the keychain, but memory: store_unavailable',
};

interface Machine extends AsyncDisposable {
  readonly path: string;
  readonly memory: MemoryStore;
  readonly keychain: NotedKeychain;
  readonly file: MemoryStore;
  readonly store: FallbackStore;
}

async function makeMachine(): Promise<Machine> {
  const directory = await makeTemporaryDirectory();
  const [memory, file] = [new MemoryStore(), new MemoryStore()];
  const path = `${directory.path}/fob/keychain`;
  const notice = (): void => {};
  const keychain = new NotedKeychain({ keychain: memory, directory: path, notice });
  const store = new FallbackStore({ keychain, file, notice });
  const end = async (): Promise<void> => await directory[Symbol.asyncDispose]();
  return { path, memory, keychain, file, store, [Symbol.asyncDispose]: end };
}

async function notes({ path }: Machine): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
}

Deno.test("reading a login of an unavailable keychain is an error that says where it is stored", async () => {
  await using machine = await makeMachine();
  const { memory, store, keychain, file } = machine;
  await store.set(account, secret);
  memory.failure = "store_unavailable";
  for (const call of ["get", "delete", "assertWritable", "holderOf"] as const) {
    await assert.rejects(store[call](account), isThere, call);
  }
  await assert.rejects(store.set(account, secret), isThere);
  await assert.rejects(keychain.get(account), isThere);
  assert.equal(file.writes, 0);
});

Deno.test("an account that is not recorded in the keychain is not found, without an error", async () => {
  await using machine = await makeMachine();
  const { memory, store, file } = machine;
  await store.set(account, secret);
  assert.equal(await store.delete(account), true);
  memory.failure = "store_unavailable";
  assert.equal(await store.get(account), undefined);
  await store.set(account, secret);
  assert.equal(file.writes, 1);
});

Deno.test("a login that is also in the file is used and refreshed there without the keychain", async () => {
  await using machine = await makeMachine();
  const { memory, store, file } = machine;
  await store.set(account, secret);
  await file.set(account, new Secret("of the file"));
  memory.failure = "store_unavailable";
  await store.set(account, new Secret("refreshed"));
  assert.equal((await store.get(account))?.reveal(), "refreshed");
});

Deno.test("a denied write leaves no note, a timed-out one does, and an earlier note remains", async () => {
  await using machine = await makeMachine();
  const { memory, keychain } = machine;
  const write = async (failure: "store_locked" | "store_timeout"): Promise<string[]> => {
    memory.failure = failure;
    await assert.rejects(keychain.set(account, secret), { code: failure });
    memory.failure = undefined;
    return await notes(machine);
  };
  assert.deepEqual(await write("store_locked"), []);
  assert.deepEqual(await write("store_timeout"), [encodeURIComponent(account)]);
  assert.deepEqual(await write("store_locked"), [encodeURIComponent(account)]);
});

Deno.test("a note is empty and private", async () => {
  await using machine = await makeMachine();
  await machine.keychain.set(account, secret);
  const [name = ""] = await notes(machine);
  const entry = await Deno.stat(`${machine.path}/${name}`);
  assert.deepEqual([entry.size, (entry.mode ?? 0) & 0o777], [0, 0o600]);
  assert.equal(((await Deno.stat(machine.path)).mode ?? 0) & 0o777, 0o700);
});

Deno.test("a login is stored even if no note can be written", async () => {
  await using machine = await makeMachine();
  await Deno.writeTextFile(machine.path.slice(0, machine.path.lastIndexOf("/")), "in the way");
  await machine.keychain.set(account, secret);
  assert.equal((await machine.keychain.get(account))?.reveal(), "kept");
});

Deno.test("unreadable notes do not make a login count as missing", async () => {
  await using machine = await makeMachine();
  machine.memory.failure = "store_unavailable";
  await Deno.mkdir(machine.path.replace(/keychain$/, ""), { recursive: true });
  // A file instead of the directory, which root cannot read as a directory either.
  await Deno.writeTextFile(machine.path, "");
  await assert.rejects(machine.keychain.get(account), { code: "io_failed" });
});
