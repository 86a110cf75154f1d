import type { Measured } from "./contender.ts";

const width = 760;
const left = 300;
const line = 26;

/** Draws medians as bars, and a line from the 10th to the 90th percentile. */
export function plot(measured: readonly Measured[]): string {
  const longest = Math.max(...measured.map(({ high }) => high));
  const scale = (width - left - 90) / longest;
  const height = measured.length * line + 20;
  const bars = measured.map((each, index) => bar(each, index * line + 10, scale));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img"
  aria-label="Milliseconds that each command takes" font-family="sans-serif" font-size="13">
<rect width="${width}" height="${height}" fill="#fff"/>
${bars.join("\n")}
</svg>
`;
}

function bar({ contender, median, low, high }: Measured, top: number, scale: number): string {
  const x = (value: number): string => (left + value * scale).toFixed(1);
  const fill = contender.name.startsWith("fob") || /(^the same)|(, fob$)/.test(contender.name)
    ? "#2563eb"
    : "#9ca3af";
  const middle = top + 9;
  return `<text x="${left - 8}" y="${top + 14}" text-anchor="end">${contender.name}</text>
<rect x="${left}" y="${top}" width="${(median * scale).toFixed(1)}" height="18" fill="${fill}"/>
<path d="M${x(low)} ${middle}H${x(high)}" stroke="#111827"/>
<text x="${Number(x(high)) + 8}" y="${top + 14}">${median.toFixed(0)} ms</text>`;
}
