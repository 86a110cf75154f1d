import { FobError } from "../../errors.ts";

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Parses a duration such as `90s`, `5m`, `1h30m`, `2d` or `0` into milliseconds.
 *
 * @throws {FobError} `usage` if `text` is not a duration. `option`: the option that it was given for.
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

/** `milliseconds` in the largest fitting unit: `59 min`, `3 h`, `2 days`. */
export function describeDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}
