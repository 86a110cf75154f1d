import { FobError } from "../errors.ts";
import type { Availability, UnavailableReason } from "./secret_store.ts";

/**
 * Whether the reason why a keychain is unavailable proves that this machine or session has none. A keychain
 * without a default collection exists, and is broken. A Mac always has one: that this process finds no default
 * keychain, none at all, or cannot open the library, says something about its home, its session or itself, and
 * nothing about where the logins are.
 */
const provesAbsence: Readonly<Record<UnavailableReason, boolean>> = {
  "no-bus": true,
  "no-library": true,
  "no-provider": true,
  "no-default-collection": false,
  "no-default-keychain": false,
  "keychain-unreachable": false,
  "keychain-read-only": false,
  "no-logon-session": true,
  "unsupported-system": true,
};

function isAbsence(reason: string | undefined): boolean {
  return Object.entries(provesAbsence).some(([name, proves]) => name === reason && proves);
}

/** Whether a probe found that there is provably no keychain. */
export function isAbsent(
  availability: Availability,
): availability is Availability & { readonly state: "unavailable" } {
  return availability.state === "unavailable" && isAbsence(availability.reason);
}

/** Whether `error` says that there is provably no keychain. */
export function saysAbsent(error: unknown): error is FobError {
  return error instanceof FobError && error.code === "store_unavailable" &&
    isAbsence(error.facts["reason"]);
}

/** The same, and no login is known to be in the keychain of another session: then there is nothing to read. */
export function holdsNothing(error: unknown): error is FobError {
  return saysAbsent(error) && error.facts["kept"] === undefined;
}

/** What a probe says after `error`. */
export function availabilityFrom(error: unknown): Availability {
  if (!(error instanceof FobError)) throw error;
  if (error.code === "store_locked") return { state: "locked", detail: error.message };
  const reason = error.facts["reason"] as UnavailableReason | undefined;
  if (error.code !== "store_unavailable" || reason === undefined) {
    return { state: "broken", detail: error.message, error };
  }
  return { state: "unavailable", reason, detail: error.message };
}
