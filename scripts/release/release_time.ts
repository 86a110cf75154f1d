/**
 * The time that every file of a release bears, seconds since the epoch, so that the same source gives the
 * same bytes: `SOURCE_DATE_EPOCH` (reproducible-builds.org), or else the first second of 2026.
 *
 * @throws {Error} for a `SOURCE_DATE_EPOCH` that is no time since 1980, which is where ZIP begins.
 */
export function releaseTime(): number {
  const given = Deno.env.get("SOURCE_DATE_EPOCH");
  if (given === undefined) return Date.UTC(2026, 0, 1) / 1000;
  if (/^[0-9]{9,10}$/.test(given) && Number(given) >= 315_532_800) return Number(given);
  throw new Error(`SOURCE_DATE_EPOCH is "${given}", which is no time in seconds`);
}
