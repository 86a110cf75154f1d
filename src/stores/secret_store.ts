import type { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";

/**
 * Keeps secrets by account. Every store, and the fake, passes `tests/contract/secret_store.ts`.
 *
 * Any method may throw a `FobError`. Four failures are four codes, and none of them is ever "not there":
 * - `store_locked`       it is there but shut, and nobody may be asked now
 * - `store_denied`       the system refused this program; `store_cancelled`: the person did
 * - `store_timeout`      no answer, in time or at all; what a `set` did is then unknown, not failed
 * - `store_unavailable`  nothing to keep secrets in: no bus, no library, no provider, no default
 *                        collection or keychain, no logon session. Which of them prove that is for `absence.ts` to say
 *
 * and beside them `store_corrupt` (what is kept cannot be read; it is left as it is) and `store_failed`
 * (anything else, with the system's own code).
 */
export interface SecretStore {
  readonly kind: StoreKind;
  /** Where a person finds the secrets: the system's name for it, or a path. */
  readonly location: string;
  /** Whether the store could be used now. Asks no person, reads no secret, changes nothing. */
  probe(): Promise<Availability>;
  /**
   * The programs that keep the secrets, as they are called on this machine, for people. Absent, or
   * `undefined`, where the system does not say.
   */
  programs?(): Promise<string | undefined>;
  /** The secret of `account`; `undefined` only where it is proven that there is none. */
  get(account: string): Promise<Secret | undefined>;
  /** Keeps `secret`, in place of what was kept for `account`. Whole or not at all. */
  set(account: string, secret: Secret): Promise<void>;
  /** Removes what is kept for `account`. `false`: nothing was. */
  delete(account: string): Promise<boolean>;
  /** The accounts that have a secret, sorted. */
  list(): Promise<string[]>;
  /** Throws what a `set` of `account` would throw, as far as that can be known without doing it. */
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

/** What `probe` finds. `detail` is for people. */
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

/** How long a store may take, and whether a person may be asked to unlock it. */
export interface WaitOptions {
  /** Whether a dialog may be shown and waited for. */
  readonly interactive: boolean;
  /** Told once, after `noticeAfter` of `limits.ts`, when a call still waits. */
  readonly onWait: (what: string) => void;
}
