import { FobError } from "../errors.ts";
import { attendedLimit, noticeAfter, type Patience, unattendedLimit } from "./secret_store.ts";

/**
 * Waits for a native call as long as `patience` allows. The call itself is not ended by that: it keeps a
 * thread until it returns, so whoever gave up on one must end the process by `Deno.exit`.
 *
 * @throws {FobError} `store_timeout`. What a write did is then unknown.
 */
export async function withinLimit<T>(
  call: Promise<T>,
  what: string,
  patience: Patience,
): Promise<T> {
  const limit = patience.interactive ? attendedLimit : unattendedLimit;
  const settled = new AbortController();
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  after(
    limit,
    settled.signal,
    () => reject(new FobError("store_timeout", `No answer from ${what} for ${limit / 1000} s`)),
  );
  if (patience.interactive) after(noticeAfter, settled.signal, () => patience.onWait(what));
  try {
    return await Promise.race([call, timeout]);
  } finally {
    settled.abort();
  }
}

/** `setTimeout` would load Deno's Node layer, and a timeout that nobody listens to holds up nothing. */
function after(milliseconds: number, settled: AbortSignal, act: () => void): void {
  const signal = AbortSignal.timeout(milliseconds);
  signal.addEventListener("abort", act, { once: true, signal: settled });
}
