/**
 * The time of every file of a release, in seconds since the epoch: `SOURCE_DATE_EPOCH`
 * (reproducible-builds.org), default the first second of 2026. The same source then gives the same bytes.
 *
 * @throws {Error} if `SOURCE_DATE_EPOCH` is not a time after 1980, the earliest time of ZIP.
 */
export function releaseTime(): number {
  const given = Deno.env.get("SOURCE_DATE_EPOCH");
  if (given === undefined) return Date.UTC(2026, 0, 1) / 1000;
  if (/^[0-9]{9,10}$/.test(given) && Number(given) >= 315_532_800) return Number(given);
  throw new Error(`SOURCE_DATE_EPOCH is not a time in seconds: "${given}"`);
}
