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

/** What opening the running system's keychain needs. */
export interface KeychainNeeds {
  readonly environment: Environment;
  readonly waitOptions: WaitOptions;
  /** The running fob's. */
  readonly version: string;
  /** The libraries of the Secret Service, where they are open already. */
  readonly keyring?: KeyringLibraries;
}

/** What opening the stores one by one needs. */
export interface StoreNeeds extends KeychainNeeds {
  readonly clock: Clock;
  readonly notice: (text: string) => void;
  /** The directory of `credentials.json`, and of what is noted of the keychain. */
  readonly directory: string;
  readonly plaintextRefusedBy?: string;
}

/** What opening the store of a mode needs. */
export interface OpenStoreNeeds extends StoreNeeds {
  /** The running system's keychain, opened by {@link openSystemKeychain}. */
  readonly systemKeychain: () => Promise<SecretStore>;
}

/** A store, and where in it an account is really found. */
export interface OpenedStore {
  readonly store: SecretStore;
  /** The keychain, where the plaintext file stands in for it if it is absent. */
  readonly keychain?: SecretStore;
  /** The plaintext file, where it stands in for the keychain. */
  readonly file?: SecretStore;
  holderOf(account: string): Promise<SecretStore | undefined>;
  /** The store that a write would go to now. */
  destination(): Promise<Destination>;
  /** The store that is not in use, where `account` may be as well; no keychain that it is not noted of. */
  readonly unused?: (account: string) => Promise<SecretStore | undefined>;
}

/**
 * The store that `chosen` stands for. Nothing is asked yet: the keychain's library is loaded by the
 * first call, and only the running system's.
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

/** A store that nothing stands in for. */
export function alone(store: SecretStore): OpenedStore {
  return {
    store,
    holderOf: async (account) => await store.get(account) === undefined ? undefined : store,
    destination: () => Promise.resolve({ store }),
  };
}

/** The plaintext file, which takes no more secrets where plaintext is refused. */
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

/** The registry of keychains, by system. Each is loaded alone: no run opens another system's library. */
const keychains = {
  linux: async (needs) => new (await import("./linux/secret_service.ts")).SecretServiceStore(needs),
  darwin: async (needs) => new (await import("./macos/keychain.ts")).KeychainStore(needs),
  windows: async () =>
    new (await import("./windows/credential_manager.ts")).CredentialManagerStore(),
} satisfies KeychainRegistry;

type KeychainRegistry = Readonly<
  Partial<Record<typeof Deno.build.os, (needs: KeychainNeeds) => Promise<SecretStore>>>
>;

/** The running system's keychain without the notes of what it holds. */
export async function openSystemKeychain(needs: KeychainNeeds): Promise<SecretStore> {
  const registry: KeychainRegistry = keychains;
  const open = registry[Deno.build.os];
  if (open !== undefined) return await open(needs);
  const { AbsentStore } = await import("./absent_store.ts");
  return new AbsentStore();
}
