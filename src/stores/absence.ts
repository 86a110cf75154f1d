import { FobError } from "../errors.ts";
import type { Availability, UnavailableReason } from "./secret_store.ts";

/**
 * Whether the reason why a keychain is unavailable proves that this machine or session has none. A keychain
 * without a default collection exists but is broken. A Mac always has a keychain: if this process finds no
 * default keychain, or cannot load the library, logins may still be stored in it.
 */
const absenceByReason: Readonly<Record<UnavailableReason, boolean>> = {
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
  return Object.entries(absenceByReason).some(([name, proves]) => name === reason && proves);
}

/** Whether `availability` proves that there is no keychain. */
export function isAbsent(
  availability: Availability,
): availability is Availability & { readonly state: "unavailable" } {
  return availability.state === "unavailable" && isAbsence(availability.reason);
}

/** Whether `error` proves that there is no keychain. */
export function isAbsenceError(error: unknown): error is FobError {
  return error instanceof FobError && error.code === "store_unavailable" &&
    isAbsence(error.facts["reason"]);
}

/** Like {@link isAbsenceError}, and no login is recorded in the keychain of another session: nothing can be read. */
export function holdsNothing(error: unknown): error is FobError {
  return isAbsenceError(error) && error.facts["kept"] === undefined;
}

/** Converts an error of a store to an availability. Rethrows anything but a `FobError`. */
export function availabilityFrom(error: unknown): Availability {
  if (!(error instanceof FobError)) throw error;
  if (error.code === "store_locked") return { state: "locked", detail: error.message };
  const reason = error.facts["reason"] as UnavailableReason | undefined;
  if (error.code !== "store_unavailable" || reason === undefined) {
    return { state: "broken", detail: error.message, error };
  }
  return { state: "unavailable", reason, detail: error.message };
}
