import type { Status } from "../../credentials/status.ts";
import { describeDuration } from "../ui/duration.ts";

/** The state of a login in two or three words. */
export function describeState({ state }: Status): string {
  return {
    "signed-in": "signed in",
    expired: "sign in again",
    "not-signed-in": "not signed in",
    unknown: "unknown",
  }[state];
}

/** The remaining lifetime of the token, and what happens at its end. */
export function describeExpiry(
  { expiresAt, refreshable, anew, profile }: Status,
  now: number,
): string {
  if (anew) return "requested for each use, not stored";
  const end = profile === undefined ? "" : ", then sign in again";
  const then = refreshable ? ", then refreshed" : end;
  if (expiresAt === undefined) return "expiry unknown";
  if (expiresAt > now) return `valid for ${describeDuration(expiresAt - now)}${then}`;
  const since = `expired ${describeDuration(now - expiresAt)} ago`;
  return refreshable ? `${since}, refreshed on next use` : since;
}

/** The status as JSON fields. */
export function statusFields(
  { expiresAt, problem, inPlaintext: _inPlaintext, plaintextReason, ...fields }: Status,
): object {
  return {
    ...fields,
    plaintext_reason: plaintextReason,
    expires_at: expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
    problem: problem && { code: problem.code, message: problem.message },
  };
}
