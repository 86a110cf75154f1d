/** The last day of RFC 3339, which has years of four digits. Milliseconds since the epoch. */
const lastTime = Date.UTC(9999, 11, 31);

/** `expiresAt`, milliseconds since the epoch, in whole seconds, rounded down; `undefined` if unknown. */
export function expirySeconds(expiresAt: number | undefined): number | undefined {
  if (expiresAt === undefined || Number.isNaN(expiresAt)) return undefined;
  return Math.floor(Math.max(0, Math.min(expiresAt, lastTime)) / 1000);
}

/** The same as an RFC 3339 time in UTC, without a fraction, which older releases of Bazel do not read. */
export function expiryTime(expiresAt: number | undefined): string | undefined {
  const seconds = expirySeconds(expiresAt);
  return seconds === undefined
    ? undefined
    : new Date(seconds * 1000).toISOString().replace(".000", "");
}
