import { type ErrorCode, FobError } from "../errors.ts";

/** A problem that only a check reports, in addition to the error codes of commands. It selects the fix. */
export type Problem =
  | "clock_off"
  | "clock_unknown"
  | "file_left"
  | "file_unread"
  | "lines_unread"
  | "lock_held"
  | "login_without_profile"
  | "mode_too_wide"
  | "no_opener"
  | "not_private"
  | "not_tried"
  | "opener_missing"
  | "plaintext_left"
  | "plaintext_used"
  | "refresh_interrupted"
  | "variable_overrides";

/** The result of one check. It contains no part of a secret. */
export interface Check {
  /** Unique, and stable between versions. */
  readonly id: string;
  readonly state: "ok" | "warn" | "fail";
  /** What was found, and why it is a problem. */
  readonly detail: string;
  /** The problem. */
  readonly code?: Problem | ErrorCode;
  /** Values for the text of the fix. Never a secret. */
  readonly facts?: Readonly<Record<string, string>>;
}

export function ok(id: string, detail: string): Check {
  return { id, state: "ok", detail };
}

/** A check that works but needs attention. */
export function warn(id: string, detail: string, code: Problem, facts: Check["facts"] = {}): Check {
  return { id, state: "warn", detail, code, facts };
}

/** A check that does not work, or is not safe. */
export function fail(
  id: string,
  detail: string,
  code: Problem | ErrorCode,
  facts: Check["facts"] = {},
): Check {
  return { id, state: "fail", detail, code, facts };
}

/**
 * Runs a check. A `FobError` becomes a failed check, so that the other checks can run.
 *
 * @throws {FobError} only `interrupted`.
 */
export async function check(id: string, look: () => Promise<Check> | Check): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof FobError) || error.code === "interrupted") throw error;
    return fail(id, error.message, error.code, error.facts);
  }
}
