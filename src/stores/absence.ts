import { FobError } from "../errors.ts";
import type { Availability, UnavailableReason } from "./secret_store.ts";

/** What proves that a machine has no keychain. A keychain without a default collection is one, and broken. */
const proofs: ReadonlySet<string> = new Set<UnavailableReason>([
  "no-bus",
  "no-library",
  "no-provider",
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
