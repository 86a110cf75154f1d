import { FobError } from "../errors.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { ChosenMode } from "../stores/storage_mode.ts";
import type { Locks } from "../system/files/locks.ts";

/** Where credentials are kept on this machine, and who decided that. */
export interface Storage {
  readonly store: SecretStore;
  readonly chosen: ChosenMode;
  /** The locks that everybody takes who changes what is kept there. */
  readonly locks: Locks;
  /** The keychain, where the plaintext file stands in for it if it is absent. */
  readonly keychain?: SecretStore;
  /** The plaintext file, where it stands in for the keychain. */
  readonly file?: SecretStore;
  /** The store that really holds an account: the file, for what was kept while there was no keychain. */
  holderOf(account: string): Promise<SecretStore | undefined>;
  /** The store that a write would go to now, and why not the keychain where it would be by default. */
  destination(): Promise<{ readonly store: SecretStore; readonly reason?: string }>;
  /** The store that is not in use, where a move that was cut off may have left an account as well. */
  readonly unused?: (account: string) => Promise<SecretStore | undefined>;
}

/** Both places that a credential can be in, whichever is in use. */
export type Stores = Readonly<Record<MovableMode, SecretStore>>;

/** The modes that serve every platform. */
export type MovableMode = "secure" | "plaintext";

/** Whether what is kept there is in a file as it is. */
export function isPlaintext({ kind }: Pick<SecretStore, "kind">): boolean {
  return kind === "plaintext-file" || kind === "token-cache";
}

/** @throws {FobError} `usage` for what is no storage mode. */
export function readStorageMode(text: string): MovableMode {
  if (text === "secure" || text === "plaintext") return text;
  throw new FobError(
    "usage",
    `Unknown storage mode "${text.slice(0, 40)}" (allowed: secure, plaintext)`,
    { facts: { example: "fob storage move secure" } },
  );
}
