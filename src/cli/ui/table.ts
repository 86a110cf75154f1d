import { replaceUnprintable } from "../../text/printable.ts";
import { formatEntries } from "./wrap.ts";

/**
 * Rows with their columns in line, two spaces between them. What would move a terminal's cursor, which a name in
 * another tool's file may have, is a space.
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
 * A table below the names of its columns. Where it is wider than `columns`, if that is given, each row stands
 * as names and values, a blank line between two of them.
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

/**
 * Names and values, one pair a line, and no line wider than `columns` if that is given; pairs without a value
 * are left out.
 */
export function formatPairs(
  pairs: Readonly<Record<string, string | undefined>>,
  columns = Infinity,
): string {
  const shown = Object.entries(pairs).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[replaceUnprintable(name), replaceUnprintable(value)]]
  );
  return formatEntries(shown, columns, 0);
}
