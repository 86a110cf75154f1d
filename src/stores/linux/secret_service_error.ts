import type { GError } from "../../../ffi/glib.ts";
import { type ErrorCode, FobError } from "../../errors.ts";

/** The name that GNOME Keyring, KWallet and KeePassXC own on the session bus. */
export const busName = "org.freedesktop.secrets";

export const lockedMessage = "The keyring is locked";

export function locked(): FobError {
  return new FobError("store_locked", lockedMessage);
}

export function cancelled(): FobError {
  return new FobError("store_cancelled", "The keyring prompt was cancelled");
}

const unavailableMessages = {
  "no-bus": "This session has no D-Bus session bus",
  "no-library": "libsecret is not installed",
  "no-provider": `No program provides "${busName}" on the session bus`,
  "no-default-collection": "The keyring has no default collection",
} as const;

type Reason = keyof typeof unavailableMessages;

export function unavailable(
  reason: Reason,
  cause?: unknown,
  message: string = unavailableMessages[reason],
): FobError {
  return new FobError("store_unavailable", message, {
    cause,
    facts: { reason },
  });
}

/**
 * The meaning of a `GError` by domain and code: gio/gioenums.h for `g-io-error-quark` and
 * `g-dbus-error-quark`, libsecret/secret-types.h for `secret-error`. Only errors that prove that there is no
 * keyring are `store_unavailable`.
 */
const meanings: Readonly<Record<string, Readonly<Record<number, ErrorCode | Reason | "cut-off">>>> =
  {
    "secret-error": { 2: "store_locked" },
    "g-dbus-error-quark": {
      2: "no-provider",
      3: "no-provider",
      4: "store_timeout",
      9: "store_denied",
      10: "store_denied",
      11: "no-bus",
      12: "store_timeout",
      19: "no-default-collection",
      20: "store_timeout",
    },
    "g-io-error-quark": {
      1: "no-bus",
      13: "no-bus",
      14: "store_denied",
      18: "cut-off",
      24: "store_timeout",
      39: "no-bus",
      44: "cut-off",
    },
  };

/** Converts a `GError`. */
export function storeError(error: GError): FobError {
  const meaning = meanings[error.domain]?.[error.code] ?? "store_failed";
  if (meaning === "no-bus") {
    return unavailable("no-bus", error, "The D-Bus session bus cannot be reached");
  }
  if (meaning === "cut-off") {
    return new FobError(
      "store_timeout",
      `Lost the connection to the keyring: ${error.message}`,
      { cause: error, facts: { connection: "lost" } },
    );
  }
  if (meaning in unavailableMessages) return unavailable(meaning as Reason, error);
  if (meaning === "store_locked") return locked();
  const what = `The keyring returned ${error.domain} ${error.code}: ${error.message}`;
  return new FobError(meaning as ErrorCode, what, { cause: error });
}
