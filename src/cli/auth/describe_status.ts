import type { Status } from "../../credentials/status.ts";
import { describeDuration } from "../ui/duration.ts";

/** A login's state in two or three words. */
export function describeState({ state }: Status): string {
  return {
    "signed-in": "signed in",
    expired: "sign in again",
    "not-signed-in": "not signed in",
    unknown: "not known",
  }[state];
}

/** How long the token lives, and what comes then. */
export function describeExpiry(
  { expiresAt, refreshable, anew, profile }: Status,
  now: number,
): string {
  if (anew) return "asked for anew each time, and not kept";
  const end = profile === undefined ? "" : ", then sign in again";
  const then = refreshable ? ", then refreshed" : end;
  if (expiresAt === undefined) return "does not say when it expires";
  if (expiresAt > now) return `good for ${describeDuration(expiresAt - now)}${then}`;
  const since = `expired ${describeDuration(now - expiresAt)} ago`;
  return refreshable ? `${since}, refreshed when it is asked for` : since;
}

/** The status as programs read it. */
export function statusFields(
  { expiresAt, problem, inPlaintext: _told, plaintextReason, ...said }: Status,
): object {
  return {
    ...said,
    plaintext_reason: plaintextReason,
    expires_at: expiresAt === undefined ? undefined : new Date(expiresAt).toISOString(),
    problem: problem && { code: problem.code, message: problem.message },
  };
}
