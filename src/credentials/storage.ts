import type { SecretStore } from "../stores/secret_store.ts";
import type { ChosenMode } from "../stores/storage_mode.ts";

/** Where credentials are kept on this machine, and who decided that. */
export interface Storage {
  readonly store: SecretStore;
  readonly chosen: ChosenMode;
  /** The keychain, where the plaintext file stands in for it if it is absent. */
  readonly keychain?: SecretStore;
  /** The store that really holds an account: the file, for what was kept while there was no keychain. */
  holderOf(account: string): Promise<SecretStore | undefined>;
}
