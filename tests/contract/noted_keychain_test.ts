import type { ErrorCode } from "../../src/errors.ts";
import { NotedKeychain } from "../../src/stores/noted_keychain.ts";
import { MemoryStore } from "../fakes/stores/memory_store.ts";
import { type FailingStore, testSecretStore } from "./secret_store.ts";

/** A keychain in memory with its notes in its own directory. */
class NotedMemory extends NotedKeychain implements AsyncDisposable {
  readonly memory: MemoryStore;
  readonly #directory: string;

  constructor(memory: MemoryStore, directory: string) {
    super({ keychain: memory, directory: `${directory}/fob/keychain`, notice: () => {} });
    this.memory = memory;
    this.#directory = directory;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#directory, { recursive: true });
  }
}

async function open(memory = new MemoryStore()): Promise<NotedMemory> {
  return new NotedMemory(memory, await Deno.makeTempDir({ prefix: "fob-noted-" }));
}

function failing(state: string, code: ErrorCode): FailingStore {
  return {
    state,
    code,
    open: async ({ account, secret }) => {
      const store = await open();
      await store.set(account, secret);
      store.memory.failure = code;
      return store;
    },
  };
}

testSecretStore({
  name: "noted keychain",
  open,
  reopen: (store) => open((store as NotedMemory).memory),
  failing: [failing("locked", "store_locked"), failing("absent", "store_unavailable")],
});
