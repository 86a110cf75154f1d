import { replaceUnprintable } from "../../text/printable.ts";
import { formatEntries } from "./wrap.ts";

/**
 * Rows with aligned columns, two spaces apart. Control characters, which a name in another tool's file may
 * have, become spaces.
 */
export function formatTable(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map((cell) => replaceUnprintable(cell)));
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, [...cell].length)),
    [],
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => cell + " ".repeat((widths[i] ?? 0) - [...cell].length)).join("  ")
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}

/**
 * A table with a header. If it is wider than `columns`, each row is written as names and values, with a blank
 * line between rows.
 */
export function formatRows(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  columns = Infinity,
): string {
  const table = formatTable([names, ...rows]);
  if (table.split("\n").every((line) => [...line].length <= columns)) return table;
  return rows.map((row) =>
    formatPairs(Object.fromEntries(names.map((name, i) => [name.trim(), row[i]])), columns)
  ).join("\n");
}

/** Names and values, one pair per line, wrapped to `columns`. Pairs without a value are left out. */
export function formatPairs(
  pairs: Readonly<Record<string, string | undefined>>,
  columns = Infinity,
): string {
  const shown = Object.entries(pairs).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[replaceUnprintable(name), replaceUnprintable(value)]]
  );
  return formatEntries(shown, columns, 0);
}
