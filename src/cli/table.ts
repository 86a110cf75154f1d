/** Rows with their columns in line, two spaces between them. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, [...cell].length)),
    [],
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - [...cell].length)).join("  ")
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}

/** Names and values, one pair a line; pairs without a value are left out. */
export function formatPairs(pairs: Readonly<Record<string, string | undefined>>): string {
  const present = Object.entries(pairs).filter((pair): pair is [string, string] =>
    pair[1] !== undefined
  );
  return formatTable(present.map(([name, value]) => [name, value]));
}
