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
  /** No request is sent after this time; one minute by default. */
  readonly limit?: number;
}

/** The shortest wait, in milliseconds, also if the server asks for less. */
const shortest = 1_000;
/** Temporary failures of a server or proxy, RFC 6585 section 4 and RFC 9110 section 15.6. */
const temporary = [429, 502, 503, 504];

/**
 * A fetch that retries after a temporary HTTP failure or a closed connection. It waits as long as
 * `Retry-After` says, else 1, 2, 4 … seconds. If the next wait would exceed the limit, it returns or throws the
 * last outcome. Only for requests that may be sent twice: not for a refresh token or an authorization code.
 */
export function retryingFetch(fetch: BoundedFetch, needs: RetryNeeds): BoundedFetch {
  const { now, sleep, limit = retryLimit } = needs;

  async function fetchAgain(...[url, init]: Parameters<BoundedFetch>): Promise<Response> {
    const deadline = now() + limit;
    for (let pause = shortest;; pause *= 2) {
      const [outcome] = await Promise.allSettled([fetch(url, init)]);
      const wait = waitAfter(outcome, now()) ?? pause;
      if (!isTemporary(outcome) || now() + wait >= deadline) return settle(outcome);
      await sleep(wait, init.signal).catch((error: unknown) => {
        throw init.signal?.aborted ? interruption(init.signal) : error;
      });
    }
  }

  return fetchAgain;
}

type Outcome = PromiseSettledResult<Response>;

function isTemporary(outcome: Outcome): boolean {
  if (outcome.status === "fulfilled") return temporary.includes(outcome.value.status);
  const { reason } = outcome;
  return reason instanceof FobError && reason.facts.network === "closed";
}

function waitAfter(outcome: Outcome, now: number): number | undefined {
  return outcome.status === "rejected" ? undefined : retryAfter(outcome.value.headers, now);
}

/** Milliseconds to wait by `Retry-After`, at least 1000, RFC 9110 section 10.2.3; `undefined` without it. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? "";
  // A date is by the server's clock.
  const wait = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - now - (clockSkew(headers, now) ?? 0) * 1000;
  return Number.isNaN(wait) ? undefined : Math.max(wait, shortest);
}

function settle(outcome: Outcome): Response {
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}
