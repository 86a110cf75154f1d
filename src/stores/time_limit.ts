import { FobError } from "../errors.ts";
import { attendedLimit, noticeAfter, unattendedLimit } from "../limits.ts";
import type { WaitOptions } from "./secret_store.ts";

/**
 * Waits for a native call as long as `waitOptions` allows. The call itself is not ended by that: it keeps a
 * thread until it returns, so whoever gave up on one must end the process by `Deno.exit`.
 *
 * @throws {FobError} `store_timeout`. What a write did is then unknown.
 */
export async function withinLimit<T>(
  call: Promise<T>,
  what: string,
  waitOptions: WaitOptions,
): Promise<T> {
  const limit = waitOptions.interactive ? attendedLimit : unattendedLimit;
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timers = [
    after(limit, () => {
      reject(
        new FobError("store_timeout", `Timed out after ${limit / 1000} s waiting for ${what}`),
      );
    }),
    ...waitOptions.interactive ? [after(noticeAfter, () => waitOptions.onWait(what))] : [],
  ];
  try {
    return await Promise.race([call, timeout]);
  } finally {
    for (const stop of timers) stop();
  }
}

/**
 * Does `act` when so many milliseconds are over, unless it is stopped before. `setTimeout` would load Deno's Node layer,
 * and a timeout that nobody listens to holds up nothing. An `AbortController` takes most of a millisecond to abort.
 */
function after(milliseconds: number, act: () => void): () => void {
  const signal = AbortSignal.timeout(milliseconds);
  signal.addEventListener("abort", act, { once: true });
  return () => signal.removeEventListener("abort", act);
}
