import type { Clock } from "../system/clock.ts";
import type { Environment } from "../system/environment.ts";
import { FallbackStore } from "./fallback_store.ts";
import { PlaintextFileStore } from "./plaintext_file.ts";
import type { Patience, SecretStore } from "./secret_store.ts";
import type { ChosenMode } from "./storage_mode.ts";

/** What opening a store needs. */
export interface OpenStoreNeeds {
  readonly environment: Environment;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly notice: (text: string) => void;
  /** The path of `credentials.json`. */
  readonly file: string;
  readonly plaintextRefusedBy?: string;
}

/** A store, and where in it an account is really found. */
export interface OpenedStore {
  readonly store: SecretStore;
  /** The keychain, where the plaintext file stands in for it if it is absent. */
  readonly keychain?: SecretStore;
  holderOf(account: string): Promise<SecretStore | undefined>;
}

/**
 * The store that `chosen` stands for. Nothing is asked yet: the keychain's library is loaded by the
 * first call, and only the running system's.
 */
export async function openStore(chosen: ChosenMode, needs: OpenStoreNeeds): Promise<OpenedStore> {
  const file = new PlaintextFileStore({
    path: needs.file,
    clock: needs.clock,
    notice: needs.notice,
  });
  if (chosen.mode === "plaintext") return alone(file);
  const keychain = await openKeychain(needs);
  if (chosen.explicit) return alone(keychain);
  const { notice, plaintextRefusedBy } = needs;
  const store = new FallbackStore({
    keychain,
    file,
    notice,
    ...(plaintextRefusedBy === undefined ? {} : { plaintextRefusedBy }),
  });
  return { store, keychain, holderOf: (account) => store.holderOf(account) };
}

function alone(store: SecretStore): OpenedStore {
  return {
    store,
    holderOf: async (account) => await store.get(account) === undefined ? undefined : store,
  };
}

async function openKeychain(needs: OpenStoreNeeds): Promise<SecretStore> {
  if (Deno.build.os === "linux") {
    const { SecretServiceStore } = await import("./secret_service.ts");
    return new SecretServiceStore(needs);
  }
  const { AbsentStore } = await import("./absent_store.ts");
  return new AbsentStore();
}
