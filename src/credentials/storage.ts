import { FobError } from "../errors.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { ChosenMode } from "../stores/storage_mode.ts";
import type { Locks } from "../system/files/locks.ts";

/** Where credentials are stored on this machine, and the setting that chose it. */
export interface Storage {
  readonly store: SecretStore;
  readonly chosen: ChosenMode;
  /** The locks of the accounts. Every process that changes an account takes its lock. */
  readonly locks: Locks;
  /** The keychain, if the plaintext file is its fallback. */
  readonly keychain?: SecretStore;
  /** The plaintext file, if it is the fallback of the keychain. */
  readonly file?: SecretStore;
  /** The store that holds an account: the file, if the login was stored while the keychain was absent. */
  holderOf(account: string): Promise<SecretStore | undefined>;
  /** The store for the next write, and the reason if that is not the keychain although it is the default. */
  destination(): Promise<{ readonly store: SecretStore; readonly reason?: string }>;
  /** The store that is not in use, where an interrupted move may have left a copy of an account. */
  readonly unused?: (account: string) => Promise<SecretStore | undefined>;
}

/** Both stores that a credential can be in, whether in use or not. */
export type Stores = Readonly<Record<MovableMode, SecretStore>>;

/** The storage modes that every platform supports. */
export type MovableMode = "secure" | "plaintext";

/** Whether the store is a file with plaintext secrets. */
export function isPlaintext({ kind }: Pick<SecretStore, "kind">): boolean {
  return kind === "plaintext-file" || kind === "token-cache";
}

/** @throws {FobError} `usage` for an unknown storage mode. */
export function readStorageMode(text: string): MovableMode {
  if (text === "secure" || text === "plaintext") return text;
  throw new FobError(
    "usage",
    `Unknown storage mode "${text.slice(0, 40)}" (allowed: secure, plaintext)`,
    { facts: { example: "fob storage move secure" } },
  );
}
