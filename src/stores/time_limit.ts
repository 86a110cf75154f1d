import { FobError } from "../errors.ts";
import { attendedLimit, noticeAfter, unattendedLimit } from "../limits.ts";
import type { WaitOptions } from "./secret_store.ts";

/**
 * Waits for a native call, for `attendedLimit` if it may show a prompt, else for `unattendedLimit`. `what` names
 * the store in messages. A timeout does not end the call: it keeps a thread until it returns, so the process
 * must then end with `Deno.exit`.
 *
 * @throws {FobError} `store_timeout`. It is then unknown whether a write took effect.
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
 * Calls `act` after `milliseconds`; the returned function cancels that. Not `setTimeout`, which loads Deno's Node
 * layer. The signal's timer does not keep the process alive once the listener is removed.
 */
function after(milliseconds: number, act: () => void): () => void {
  const signal = AbortSignal.timeout(milliseconds);
  signal.addEventListener("abort", act, { once: true });
  return () => signal.removeEventListener("abort", act);
}
