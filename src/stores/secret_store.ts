import type { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";

/**
 * Stores secrets by account. Every store, and the fake, passes `tests/contract/secret_store.ts`.
 *
 * Any method may throw a `FobError`. No failure is ever reported as a missing secret:
 * - `store_locked`       the store is locked, and no prompt may be shown
 * - `store_denied`       the system denied access
 * - `store_cancelled`    the user cancelled the prompt
 * - `store_timeout`      no answer in time, or a lost connection; it is unknown whether a `set` took effect
 * - `store_unavailable`  no bus, library, provider, default collection, default keychain or logon session.
 *                        `absence.ts` decides which of them prove that there is no keychain
 * - `store_corrupt`      the stored value cannot be read; it is not changed
 * - `store_failed`       any other error, with the system's error code
 */
export interface SecretStore {
  readonly kind: StoreKind;
  /** Where the secrets are, for display: the system's name of the store, or a path. */
  readonly location: string;
  /** Whether the store can be used now. Shows no prompt, reads no secret, changes nothing. */
  probe(): Promise<Availability>;
  /**
   * The names of the programs that provide the store, for display. Absent, or `undefined`, if the system does
   * not name them.
   */
  programs?(): Promise<string | undefined>;
  /** The secret of `account`; `undefined` only if it is proven that there is none. */
  get(account: string): Promise<Secret | undefined>;
  /** Stores `secret` for `account`, replacing any other. Atomic. */
  set(account: string, secret: Secret): Promise<void>;
  /** Deletes the secret of `account`. `false` if there was none. */
  delete(account: string): Promise<boolean>;
  /** The accounts that have a secret, sorted. */
  list(): Promise<string[]>;
  /** Throws what a `set` of `account` would throw, as far as it can be known without a write. */
  assertWritable(account: string): Promise<void>;
}

export type StoreKind =
  | "secret-service"
  | "keychain"
  | "credential-manager"
  | "plaintext-file"
  | "token-cache"
  | "absent"
  | "memory";

/** The result of `probe`. `detail` is for display. */
export type Availability =
  | { readonly state: "ready" }
  | { readonly state: "locked"; readonly detail: string }
  | { readonly state: "unavailable"; readonly reason: UnavailableReason; readonly detail: string }
  | { readonly state: "broken"; readonly detail: string; readonly error?: FobError };

export type UnavailableReason =
  | "no-bus"
  | "no-library"
  | "no-provider"
  | "no-default-collection"
  | "no-default-keychain"
  | "keychain-unreachable"
  | "keychain-read-only"
  | "no-logon-session"
  | "unsupported-system";

/** How to wait for a store. */
export interface WaitOptions {
  /** Whether the store may show a prompt. Selects the time limit too. */
  readonly interactive: boolean;
  /** Called once if a call takes longer than `noticeAfter` of `limits.ts`. */
  readonly onWait: (what: string) => void;
}
