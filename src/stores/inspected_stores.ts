import { present } from "../present.ts";
import { join } from "../system/files/paths.ts";
import { FallbackStore } from "./fallback_store.ts";
import { notedAccounts } from "./noted_keychain.ts";
import { openFile, openSystemKeychain, type StoreNeeds } from "./open_store.ts";
import { PlaintextFileStore } from "./plaintext_file.ts";
import type { Availability, SecretStore } from "./secret_store.ts";
import type { ChosenMode } from "./storage_mode.ts";

/** A store to try out. Disposing of it removes what trying leaves. */
export interface Trial extends AsyncDisposable {
  readonly store: SecretStore;
}

/** The stores for somebody who looks: nothing is moved between them, and nothing noted. */
export interface InspectedStores {
  readonly chosen: ChosenMode;
  readonly keychain: SecretStore;
  readonly file: SecretStore;
  /** What a command would read: either or both of them. */
  readonly store: SecretStore;
  /** Who refuses plaintext. */
  readonly plaintextRefusedBy?: string;
  /** Whether the keychain can be used: asked once, as one that answers nothing is waited for each time. */
  availability(): Promise<Availability>;
  /** The store that a write would go to now, and why not the keychain where it would be by default. */
  destination(): Promise<{ readonly store: SecretStore; readonly reason?: string }>;
  /** The accounts that the keychain is remembered to hold. */
  noted(): Promise<string[]>;
  /** `store` itself, to be tried with an account of nobody's; a file of its own in place of `credentials.json`. */
  openTrial(store: SecretStore): Trial;
}

/** The stores that `chosen` stands for. Nothing is asked yet. */
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
    openTrial: (store) => store === file ? openTrialFile(needs) : keepNothing(store),
  };
}

function keepNothing(store: SecretStore): Trial {
  return { store, [Symbol.asyncDispose]: () => Promise.resolve() };
}

/** A file beside `credentials.json`, which is left alone: to try must not cost what is kept. */
function openTrialFile({ directory, clock, notice, plaintextRefusedBy }: StoreNeeds): Trial {
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
