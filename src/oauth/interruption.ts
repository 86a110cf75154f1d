import { FobError } from "../errors.ts";

/**
 * What to throw once `signal` is aborted: the reason that its owner gave, or, for the platform's own
 * reasons, `sign_in_timeout` (`AbortSignal.timeout`) and `interrupted`.
 */
export function interruption(signal: AbortSignal): unknown {
  const reason: unknown = signal.reason;
  if (!(reason instanceof DOMException)) return reason;
  return reason.name === "TimeoutError"
    ? new FobError("sign_in_timeout", "The sign-in was not completed in time")
    : new FobError("interrupted", "The sign-in was interrupted");
}
