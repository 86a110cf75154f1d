import type { SecurityError } from "../../../ffi/security.ts";
import { type ErrorCode, FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import type { UnavailableReason } from "../secret_store.ts";

/** The meaning of a status, and the key of its advice. */
interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly reason?: UnavailableReason;
  readonly advice?: string;
}

const locked: Meaning = {
  code: "store_locked",
  message: "The keychain is locked, or it needs a prompt that cannot be shown here",
  advice: "keychain-locked",
};
const refused: Meaning = {
  code: "store_denied",
  message: "The keychain denied this program access to the item",
  advice: "keychain-refused",
};
const noDefault: Meaning = {
  code: "store_unavailable",
  message: "No default keychain is set",
  reason: "no-default-keychain",
};

/** `errSecInteractionNotAllowed`, SecBase.h: returned by a locked keychain if prompts are forbidden. */
export const interactionNotAllowed = -25308;

/** By `OSStatus`, Security/SecBase.h and CSCommon.h. Any other is `store_failed` with the system's message. */
const meanings: Readonly<Record<number, Meaning>> = {
  [interactionNotAllowed]: locked,
  [-25315]: locked, // errSecInteractionRequired
  [-25293]: refused, // errSecAuthFailed, also for a suppressed prompt
  [-25243]: refused, // errSecNoAccessForItem
  [-25244]: refused, // errSecInvalidOwnerEdit
  // errSecCSInfoPlistFailed
  [-67030]: {
    code: "store_denied",
    message: "The keychain does not trust this program: it has changed since it was signed",
    advice: "altered-program",
  },
  // errSecUserCanceled
  [-128]: { code: "store_cancelled", message: "The keychain prompt was cancelled" },
  [-25307]: noDefault, // errSecNoDefaultKeychain
  [-25294]: noDefault, // errSecNoSuchKeychain
  [-25295]: noDefault, // errSecInvalidKeychain
  // errSecNotAvailable
  [-25291]: {
    code: "store_unavailable",
    message: "The keychain is not available in this session",
    reason: "keychain-unreachable",
  },
  // errSecReadOnly
  [-25292]: {
    code: "store_unavailable",
    message: "The default keychain is read-only",
    reason: "keychain-read-only",
  },
  // errSecMissingEntitlement: only the data-protection keychain requires one, and fob does not use that.
  [-34018]: {
    code: "store_failed",
    message: "The keychain requires an entitlement that command-line programs cannot have",
    advice: "mistake",
  },
};

/** Converts a status of Security. `cause` is the error with the system's message, if a call returned one. */
export function keychainError(status: number, cause?: SecurityError): FobError {
  const meaning = meanings[status];
  const facts = { status: String(status) };
  if (meaning === undefined) {
    const what = `The keychain returned error ${status}: ${cause?.message ?? "no message"}`;
    return new FobError("store_failed", what, { cause, facts });
  }
  const { code, reason, advice } = meaning;
  return new FobError(code, `${meaning.message} (${status})`, {
    cause,
    facts: {
      ...facts,
      ...present({ reason, advice }),
    },
  });
}
