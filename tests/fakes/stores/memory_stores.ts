import type { InspectedStores } from "../../../src/stores/inspected_stores.ts";
import { MemoryStore } from "./memory_store.ts";

/** A keychain and a file in memory. Trials use the store `tried`. */
export class MemoryStores implements InspectedStores {
  chosen: InspectedStores["chosen"] = { mode: "secure", source: "default", explicit: false };
  readonly keychain: MemoryStore & { programs?: () => Promise<string | undefined> } =
    new MemoryStore();
  readonly file = new MemoryStore();
  readonly tried = new MemoryStore();
  /** The number of disposed trials. */
  ended = 0;
  plaintextRefusedBy?: string;
  notes: string[] = [];

  get store(): MemoryStore {
    return this.chosen.mode === "plaintext" ? this.file : this.keychain;
  }

  availability = (): ReturnType<InspectedStores["availability"]> => this.keychain.probe();

  destination(): Promise<{ store: MemoryStore }> {
    const standsIn = this.keychain.failure === "store_unavailable" && !this.chosen.explicit &&
      this.plaintextRefusedBy === undefined;
    return Promise.resolve({ store: standsIn ? this.file : this.store });
  }

  noted(): Promise<string[]> {
    return Promise.resolve(this.notes);
  }

  openTestStore(): ReturnType<InspectedStores["openTestStore"]> {
    return {
      store: this.tried,
      [Symbol.asyncDispose]: () => Promise.resolve(void this.ended++),
    };
  }
}
