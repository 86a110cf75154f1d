/** Ratio of `value` to `of`; empty without `of`. */
export function ratio(value: number, of: number | undefined): string {
  return of === undefined ? "" : (value / of).toFixed(2);
}

/** A Markdown table. The first `texts` columns hold text, the others numbers. */
export function table(
  heads: readonly string[],
  texts: number,
  lines: readonly (readonly string[])[],
): string {
  const sides = heads.map((_, index) => index < texts ? "---" : "---:");
  return [heads, sides, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
