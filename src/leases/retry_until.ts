import { FobError } from "../errors.ts";
import type { Clock } from "../system/clock.ts";

/** What {@link retryUntil} needs. */
export interface RetryUntilNeeds {
  readonly clock: Clock;
  /** Returns a number from 0 to 1, which spreads the retries of concurrent processes. */
  readonly random: () => number;
}

/** Milliseconds to wait after the first failure. Each further failure doubles it. */
const firstPause = 500;
const longestPause = 60_000;

/**
 * Runs `attempt` and retries it while the server is unreachable, until `deadline`, in milliseconds since the
 * epoch. The pauses are the server's `retry_after`, or 0.5, 1, 2 … seconds, each reduced by up to half at
 * random. Throws the last error.
 */
export async function retryUntil<T>(
  attempt: () => Promise<T>,
  deadline: number,
  needs: RetryUntilNeeds,
): Promise<T> {
  for (let failures = 1;; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const wait = mayPass(error) ? pauseAfter(error, failures, needs.random) : Infinity;
      if (needs.clock.now() + wait >= deadline) throw error;
      await needs.clock.sleep(wait);
    }
  }
}

/** Whether a retry may succeed. */
function mayPass(error: unknown): error is FobError {
  return error instanceof FobError && error.code === "provider_unreachable";
}

/** Milliseconds to wait after `failures` failures in a row; `error` is the last. */
export function pauseAfter(error: unknown, failures: number, random: () => number): number {
  const asked = error instanceof FobError ? error.facts["retry_after"] : undefined;
  if (asked !== undefined) return Number(asked) * 1000;
  const pause = Math.min(firstPause * 2 ** (failures - 1), longestPause);
  return pause * (1 + random()) / 2;
}
