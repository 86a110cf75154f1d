import { FobError } from "../errors.ts";
import type { Clock } from "../system/clock.ts";

/** What waiting between two tries needs. */
export interface RetryUntilNeeds {
  readonly clock: Clock;
  /** From 0 to 1, so that many who wait do not come back at once. */
  readonly random: () => number;
}

/** Milliseconds after the first failure, doubled by each. */
const firstPause = 500;
const longestPause = 60_000;

/**
 * What `attempt` brings, which is tried again as long as that may help and `deadline`, in milliseconds
 * since the epoch, is not reached: after what a server asks for in `retry_after`, and else after 0.5, 1, 2
 * … seconds, less a part by chance.
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

/** Whether it may be otherwise the next time. */
function mayPass(error: unknown): error is FobError {
  return error instanceof FobError && error.code === "provider_unreachable";
}

/** Milliseconds to wait after so many failures in a row, of which `error` is the last. */
export function pauseAfter(error: unknown, failures: number, random: () => number): number {
  const asked = error instanceof FobError ? error.facts["retry_after"] : undefined;
  if (asked !== undefined) return Number(asked) * 1000;
  const pause = Math.min(firstPause * 2 ** (failures - 1), longestPause);
  return pause * (1 + random()) / 2;
}
