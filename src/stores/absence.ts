import { FobError } from "../errors.ts";
import type { Availability, UnavailableReason } from "./secret_store.ts";

/**
 * What proves that a machine has no keychain. A keychain without a default collection is one, and broken.
 * A Mac always has one: that this process finds no default keychain, none at all, or cannot open the
 * library, says something about its home, its session or itself, and nothing about where the logins are.
 */
const proofs: ReadonlySet<string> = new Set<UnavailableReason>([
  "no-bus",
  "no-library",
  "no-provider",
  "no-logon-session",
  "unsupported-system",
]);

/** Whether a probe found that there is provably no keychain. */
export function isAbsent(
  availability: Availability,
): availability is Availability & { readonly state: "unavailable" } {
  return availability.state === "unavailable" && proofs.has(availability.reason);
}

/** Whether `error` says that there is provably no keychain. */
export function saysAbsent(error: unknown): error is FobError {
  return error instanceof FobError && error.code === "store_unavailable" &&
    proofs.has(error.facts["reason"] ?? "");
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
