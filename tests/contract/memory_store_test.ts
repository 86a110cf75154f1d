import { MemoryStore } from "../fakes/stores/memory_store.ts";
import { type FailingStore, testSecretStore } from "./secret_store.ts";

function failing(state: string, code: FailingStore["code"]): FailingStore {
  return {
    state,
    code,
    open: async ({ account, secret }) => {
      const store = new MemoryStore();
      await store.set(account, secret);
      store.failure = code;
      return store;
    },
  };
}

testSecretStore({
  name: "memory",
  open: () => Promise.resolve(new MemoryStore()),
  reopen: (store) => Promise.resolve(store),
  failing: [
    failing("locked", "store_locked"),
    failing("unavailable", "store_unavailable"),
    failing("timed out", "store_timeout"),
  ],
});
