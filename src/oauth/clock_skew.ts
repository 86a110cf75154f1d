import { clockTolerance } from "../limits.ts";

/**
 * Seconds that the server's clock is ahead of this computer's, from the `Date` header and the `Age` header
 * of a cache (RFC 9110 section 6.6.1, RFC 9111 section 5.1). `undefined` if unknown.
 */
export function clockSkew(headers: Headers, now: number): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  const age = Number(headers.get("age") ?? 0);
  if (Number.isNaN(date) || !(age >= 0)) return undefined;
  return Math.round((date - now) / 1000 + age);
}

/** The notice about a skew in seconds; `undefined` up to 5 minutes. */
export function skewNotice(skew: number): string | undefined {
  if (Math.abs(skew) * 1000 <= clockTolerance) return undefined;
  const minutes = Math.round(Math.abs(skew) / 60);
  const amount = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  const direction = skew > 0 ? "behind" : "ahead of";
  return `This computer's clock is about ${amount} ${direction} the sign-in server's clock`;
}
