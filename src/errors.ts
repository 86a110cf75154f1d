/**
 * The closed list of error codes, each with its exit code. `-o json` prints these codes, so they are stable.
 * `src/cli/ui/report.ts` holds the hint for each code.
 */
export const codes = {
  failed: 1,
  io_failed: 1,
  declined: 1,
  config_invalid: 1,
  usage: 2,
  unknown_profile: 2,
  not_signed_in: 3,
  sign_in_again: 4,
  store_locked: 5,
  store_denied: 5,
  store_cancelled: 5,
  store_timeout: 5,
  store_unavailable: 5,
  store_corrupt: 5,
  store_failed: 5,
  plaintext_refused: 5,
  provider_unreachable: 6,
  provider_answer_invalid: 1,
  provider_refused: 1,
  api_refused: 1,
  issuer_mismatch: 1,
  identity_mismatch: 1,
  sign_in_timeout: 1,
  lock_timeout: 1,
  command_not_executable: 126,
  command_not_found: 127,
  checks_failed: 1,
  interrupted: 130,
} as const;

/** One of the codes that `-o json` prints as `error.code`. */
export type ErrorCode = keyof typeof codes;

/** The exit code for `code`. */
export function exitCode(code: ErrorCode): number {
  return codes[code];
}

/** Optional parts of an error. Never a secret. */
export interface ErrorDetail {
  /** The error that caused this one. */
  readonly cause?: unknown;
  /** Values for the hint, such as a profile's name or a path. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** An expected error. The message says what failed and where; `src/cli/ui/report.ts` adds the hint. */
export class FobError extends Error {
  override readonly name: string = "FobError";
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.code = code;
    this.facts = detail.facts ?? {};
  }
}
