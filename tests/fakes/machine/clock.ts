import type { Clock } from "../../../src/system/clock.ts";

/** A clock that moves only by `advance` and `sleep`. A sleep resolves at once. */
export class FakeClock implements Clock {
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Moves by `duration` milliseconds, which may be negative. */
  advance(duration: number): void {
    this.#now += duration;
  }

  sleep(duration: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.advance(duration);
    return Promise.resolve();
  }
}
