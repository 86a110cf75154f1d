import { present } from "../present.ts";
import { join } from "../system/files/paths.ts";
import { FallbackStore } from "./fallback_store.ts";
import { notedAccounts } from "./noted_keychain.ts";
import { openFile, openSystemKeychain, type StoreNeeds } from "./open_store.ts";
import { PlaintextFileStore } from "./plaintext_file.ts";
import type { Availability, SecretStore } from "./secret_store.ts";
import type { ChosenMode } from "./storage_mode.ts";

/** A store to test. Disposing of it removes the files that the test leaves. */
export interface TestStore extends AsyncDisposable {
  readonly store: SecretStore;
}

/** The stores, opened for inspection: nothing is moved between them, and no notes are written. */
export interface InspectedStores {
  readonly chosen: ChosenMode;
  readonly keychain: SecretStore;
  readonly file: SecretStore;
  /** The store that a command would use: the keychain, the file, or both with fallback. */
  readonly store: SecretStore;
  /** The setting that forbids plaintext. */
  readonly plaintextRefusedBy?: string;
  /** Whether the keychain can be used. Probed once: each probe of a keychain that hangs takes the full time limit. */
  availability(): Promise<Availability>;
  /** The store that a write would go to now, and why it is not the keychain, which is the default. */
  destination(): Promise<{ readonly store: SecretStore; readonly reason?: string }>;
  /** The accounts that the keychain holds according to the notes. */
  noted(): Promise<string[]>;
  /** Opens a store for a test entry: `store` itself, or for `credentials.json` a separate file beside it. */
  openTestStore(store: SecretStore): TestStore;
}

/** Opens the stores of the mode `chosen`. Lazy: nothing is probed yet. */
export async function openInspectedStores(
  chosen: ChosenMode,
  needs: StoreNeeds,
): Promise<InspectedStores> {
  const keychain = await openSystemKeychain(needs);
  const file = openFile(needs);
  const { directory, notice, plaintextRefusedBy } = needs;
  const refusal = present({ plaintextRefusedBy });
  const both = new FallbackStore({ keychain, file, notice, ...refusal });
  let asked: Promise<Availability> | undefined;
  const availability = (): Promise<Availability> => asked ??= keychain.probe();
  const store = !chosen.explicit ? both : chosen.mode === "secure" ? keychain : file;
  return {
    chosen,
    keychain,
    file,
    store,
    ...refusal,
    availability,
    destination: async () =>
      store === both ? await both.destination(await availability()) : { store },
    noted: () => notedAccounts(join(directory, "keychain")),
    openTestStore: (store) => store === file ? openTestFile(needs) : keepNothing(store),
  };
}

function keepNothing(store: SecretStore): TestStore {
  return { store, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** A separate file beside `credentials.json`, so that a test cannot damage the stored credentials. */
function openTestFile({ directory, clock, notice, plaintextRefusedBy }: StoreNeeds): TestStore {
  const path = join(directory, `probe-${crypto.randomUUID()}.json`);
  const refusal = present({ refusedBy: plaintextRefusedBy });
  const remove = async (name: string): Promise<void> => await Deno.remove(name).catch(() => {});
  return {
    store: new PlaintextFileStore({ path, clock, notice, ...refusal }),
    [Symbol.asyncDispose]: async () => {
      await remove(path);
      await remove(`${path}.lock`);
    },
  };
}
