import { clockTolerance } from "../limits.ts";

/**
 * Seconds that the server's clock is ahead of this computer's, from the `Date` of an answer and, where
 * a cache answered, its `Age` (RFC 9110 section 6.6.1, RFC 9111 section 5.1). `undefined`: it is not known.
 */
export function clockSkew(headers: Headers, now: number): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  const age = Number(headers.get("age") ?? 0);
  if (Number.isNaN(date) || !(age >= 0)) return undefined;
  return Math.round((date - now) / 1000 + age);
}

/** What to tell the person about a skew, in seconds; `undefined` where it does not matter. */
export function skewNotice(skew: number): string | undefined {
  if (Math.abs(skew) * 1000 <= clockTolerance) return undefined;
  const minutes = Math.round(Math.abs(skew) / 60);
  const amount = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  const direction = skew > 0 ? "behind" : "ahead of";
  return `This computer's clock is about ${amount} ${direction} the sign-in server's clock`;
}
