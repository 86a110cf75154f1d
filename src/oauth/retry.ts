import { FobError } from "../errors.ts";
import { retryLimit } from "../limits.ts";
import { clockSkew } from "./clock_skew.ts";
import type { BoundedFetch } from "./http.ts";
import { interruption } from "./interruption.ts";

/** Milliseconds throughout. */
export interface RetryNeeds {
  /** Since the epoch. */
  readonly now: () => number;
  /** Rejects as soon as the signal aborts. */
  readonly sleep: (duration: number, signal?: AbortSignal) => Promise<void>;
  /** After this time nothing is sent any more; a minute by default. */
  readonly limit?: number;
}

/** The shortest wait, whatever a server says. */
const shortest = 1_000;
/** What a proxy or a busy server answers, RFC 6585 section 4 and RFC 9110 section 15.6. */
const passing = [429, 502, 503, 504];

/**
 * A fetch that asks again after an answer that says "later", or a connection that was closed: as long after
 * as `Retry-After` says, else 1, 2, 4 … seconds. Once the time is up, or would be, the last outcome stands.
 * For what may be sent twice: a refresh token or an authorization code may not.
 */
export function retryingFetch(fetch: BoundedFetch, needs: RetryNeeds): BoundedFetch {
  const { now, sleep, limit = retryLimit } = needs;

  async function fetchAgain(...[url, init]: Parameters<BoundedFetch>): Promise<Response> {
    const deadline = now() + limit;
    for (let pause = shortest;; pause *= 2) {
      const [outcome] = await Promise.allSettled([fetch(url, init)]);
      const wait = waitAfter(outcome, now()) ?? pause;
      if (!isPassing(outcome) || now() + wait >= deadline) return standing(outcome);
      await sleep(wait, init.signal).catch((error: unknown) => {
        throw init.signal?.aborted ? interruption(init.signal) : error;
      });
    }
  }

  return fetchAgain;
}

type Outcome = PromiseSettledResult<Response>;

function isPassing(outcome: Outcome): boolean {
  if (outcome.status === "fulfilled") return passing.includes(outcome.value.status);
  const { reason } = outcome;
  return reason instanceof FobError && reason.facts.network === "closed";
}

function waitAfter(outcome: Outcome, now: number): number | undefined {
  return outcome.status === "rejected" ? undefined : retryAfter(outcome.value.headers, now);
}

/** Milliseconds to wait, a second at least, RFC 9110 section 10.2.3; `undefined` where the answer does not say. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  // A date is one of the server's clock.
  const wait = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - now - (clockSkew(headers, now) ?? 0) * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(wait, shortest);
}

function standing(outcome: Outcome): Response {
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}
