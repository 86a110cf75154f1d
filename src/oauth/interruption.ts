import { FobError } from "../errors.ts";

/**
 * The error to throw after `signal` is aborted: its reason, or for a `DOMException` `sign_in_timeout`
 * (`AbortSignal.timeout`) or `interrupted`.
 */
export function interruption(signal: AbortSignal): unknown {
  const reason: unknown = signal.reason;
  if (!(reason instanceof DOMException)) return reason;
  return reason.name === "TimeoutError"
    ? new FobError("sign_in_timeout", "The sign-in timed out")
    : new FobError("interrupted", "The sign-in was interrupted");
}
