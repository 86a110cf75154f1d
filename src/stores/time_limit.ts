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
  const notice = patience.interactive
    ? setTimeout(() => patience.onWait(what), noticeAfter)
    : undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new FobError("store_timeout", `No answer from ${what} for ${limit / 1000} s`)),
      limit,
    );
  });
  try {
    return await Promise.race([call, timeout]);
  } finally {
    clearTimeout(notice);
    clearTimeout(timer);
  }
}
