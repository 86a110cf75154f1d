import type { KeyringLibraries } from "../../ffi/libsecret.ts";
import { present } from "../present.ts";
import type { Clock } from "../system/clock.ts";
import type { Environment } from "../system/environment.ts";
import { join } from "../system/files/paths.ts";
import { type Destination, FallbackStore } from "./fallback_store.ts";
import { isNoted, NotedKeychain } from "./noted_keychain.ts";
import { PlaintextFileStore } from "./plaintext_file.ts";
import type { SecretStore, WaitOptions } from "./secret_store.ts";
import type { ChosenMode } from "./storage_mode.ts";

/** Dependencies of {@link openSystemKeychain}. */
export interface KeychainNeeds {
  readonly environment: Environment;
  readonly waitOptions: WaitOptions;
  /** The version of the running fob. */
  readonly version: string;
  /** The libraries of the Secret Service, if they are already open. */
  readonly keyring?: KeyringLibraries;
}

/** Dependencies of each single store. */
export interface StoreNeeds extends KeychainNeeds {
  readonly clock: Clock;
  readonly notice: (text: string) => void;
  /** The directory of `credentials.json` and of the keychain notes. */
  readonly directory: string;
  /** The setting that forbids plaintext. */
  readonly plaintextRefusedBy?: string;
}

/** Dependencies of {@link openStore}. */
export interface OpenStoreNeeds extends StoreNeeds {
  /** The running system's keychain, opened by {@link openSystemKeychain}. */
  readonly systemKeychain: () => Promise<SecretStore>;
}

/** A store, with the stores that it consists of. */
export interface OpenedStore {
  readonly store: SecretStore;
  /** The keychain, if the plaintext file is its fallback. */
  readonly keychain?: SecretStore;
  /** The plaintext file, if it is the fallback of the keychain. */
  readonly file?: SecretStore;
  /** The store that holds `account`. */
  holderOf(account: string): Promise<SecretStore | undefined>;
  /** The store that a write would go to now. */
  destination(): Promise<Destination>;
  /** The store that is not in use but may hold `account` too. A keychain only if there is a note about `account`. */
  readonly unused?: (account: string) => Promise<SecretStore | undefined>;
}

/**
 * Opens the store of the mode `chosen`. Lazy: the keychain's library is loaded by the first call, and only
 * that of the running system.
 */
export async function openStore(chosen: ChosenMode, needs: OpenStoreNeeds): Promise<OpenedStore> {
  if (chosen.mode === "plaintext") {
    const folder = join(needs.directory, "keychain");
    const unused = async (account: string): Promise<SecretStore | undefined> =>
      await isNoted(account, folder) ? await openKeychain(needs) : undefined;
    return { ...alone(openFile(needs)), unused };
  }
  const keychain = await openKeychain(needs);
  if (chosen.explicit) {
    return { ...alone(keychain), unused: () => Promise.resolve(openFile(needs)) };
  }
  const { plaintextRefusedBy: _named, ...withoutRefusal } = needs;
  const file = openFile(withoutRefusal);
  const { notice, plaintextRefusedBy } = needs;
  const store = new FallbackStore({
    keychain,
    file,
    notice,
    ...present({ plaintextRefusedBy }),
  });
  return {
    store,
    keychain,
    file,
    holderOf: (account) => store.holderOf(account),
    destination: () => store.destination(),
  };
}

/** A store without a fallback. */
export function alone(store: SecretStore): OpenedStore {
  return {
    store,
    holderOf: async (account) => await store.get(account) === undefined ? undefined : store,
    destination: () => Promise.resolve({ store }),
  };
}

/** The plaintext file. It is read-only, except for deletion, if a setting forbids plaintext. */
export function openFile(
  { directory, clock, notice, plaintextRefusedBy }: StoreNeeds,
): SecretStore {
  return new PlaintextFileStore({
    path: join(directory, "credentials.json"),
    clock,
    notice,
    ...present({ refusedBy: plaintextRefusedBy }),
  });
}

/** The running system's keychain. */
export async function openKeychain(needs: OpenStoreNeeds): Promise<SecretStore> {
  const { directory, notice, systemKeychain } = needs;
  return new NotedKeychain({
    keychain: await systemKeychain(),
    directory: join(directory, "keychain"),
    notice,
  });
}

/** The registry of keychains, by system. Only the running system's is loaded. */
const keychains = {
  linux: async (needs) => new (await import("./linux/secret_service.ts")).SecretServiceStore(needs),
  darwin: async (needs) => new (await import("./macos/keychain.ts")).KeychainStore(needs),
  windows: async () =>
    new (await import("./windows/credential_manager.ts")).CredentialManagerStore(),
} satisfies KeychainRegistry;

type KeychainRegistry = Readonly<
  Partial<Record<typeof Deno.build.os, (needs: KeychainNeeds) => Promise<SecretStore>>>
>;

/** The running system's keychain, without notes about its accounts. */
export async function openSystemKeychain(needs: KeychainNeeds): Promise<SecretStore> {
  const registry: KeychainRegistry = keychains;
  const open = registry[Deno.build.os];
  if (open !== undefined) return await open(needs);
  const { AbsentStore } = await import("./absent_store.ts");
  return new AbsentStore();
}
