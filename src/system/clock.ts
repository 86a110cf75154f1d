/** The time of day and pauses, in milliseconds. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `duration`, or rejects with the signal's reason as soon as it aborts. */
  sleep(duration: number, signal?: AbortSignal): Promise<void>;
}

/** The computer's clock. */
export function systemClock(): Clock {
  return { now: Date.now, sleep };
}

function sleep(duration: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, duration);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
