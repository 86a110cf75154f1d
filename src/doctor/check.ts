import { type ErrorCode, FobError } from "../errors.ts";

/** What a check finds wrong that is no error of a command. The advice follows from it. */
export type Problem =
  | "clock_off"
  | "clock_unknown"
  | "file_left"
  | "file_unread"
  | "lines_unread"
  | "lock_held"
  | "login_astray"
  | "mode_too_wide"
  | "no_opener"
  | "not_private"
  | "not_tried"
  | "opener_missing"
  | "plaintext_left"
  | "plaintext_used"
  | "refresh_cut_off"
  | "variable_overrides";

/** What one check found. No part of a secret is in it. */
export interface Check {
  /** Stays the same from version to version, and is there once. */
  readonly id: string;
  readonly state: "ok" | "warn" | "fail";
  /** What there is, and why that is wrong where it is. */
  readonly detail: string;
  /** What is wrong. */
  readonly code?: Problem | ErrorCode;
  /** What the advice is made from. Never a secret. */
  readonly facts?: Readonly<Record<string, string>>;
}

export function ok(id: string, detail: string): Check {
  return { id, state: "ok", detail };
}

/** Works, and should be seen to. */
export function warn(id: string, detail: string, code: Problem, facts: Check["facts"] = {}): Check {
  return { id, state: "warn", detail, code, facts };
}

/** Does not work, or is not safe. */
export function fail(
  id: string,
  detail: string,
  code: Problem | ErrorCode,
  facts: Check["facts"] = {},
): Check {
  return { id, state: "fail", detail, code, facts };
}

/**
 * What `look` found. An error that fob foresees is a finding, too: the other checks go on.
 *
 * @throws {FobError} `interrupted`, and nothing else that is foreseen.
 */
export async function check(id: string, look: () => Promise<Check> | Check): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof FobError) || error.code === "interrupted") throw error;
    return fail(id, error.message, error.code, error.facts);
  }
}
