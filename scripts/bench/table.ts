/** How often `of` is in `value`; nothing where there is nothing to compare with. */
export function ratio(value: number, of: number | undefined): string {
  return of === undefined ? "" : (value / of).toFixed(2);
}

/** A table in Markdown, with numbers in all columns but the `texts` on the left. */
export function table(
  heads: readonly string[],
  texts: number,
  lines: readonly (readonly string[])[],
): string {
  const sides = heads.map((_, index) => index < texts ? "---" : "---:");
  return [heads, sides, ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
