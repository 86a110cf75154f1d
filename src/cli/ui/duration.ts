import { FobError } from "../../errors.ts";

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * The milliseconds of `90s`, `5m`, `1h30m`, `2d`; a bare `0` needs no unit.
 *
 * @throws {FobError} `usage`, naming `option`.
 */
export function parseDuration(text: string, option: string): number {
  if (text === "0") return 0;
  if (!/^(\d{1,6}[smhd])+$/.test(text)) {
    throw new FobError("usage", `${option} is not a duration: "${text.slice(0, 40)}"`, {
      facts: { option, example: "90s, 5m, 1h30m" },
    });
  }
  return [...text.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ""] ?? 0),
    0,
  );
}

/** `milliseconds` for people, in its largest unit: `59 min`, `3 h`, `2 days`. */
export function describeDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}
