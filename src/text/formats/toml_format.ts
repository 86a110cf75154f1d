import { parse, stringify, type TomlTable } from "smol-toml";
import { FobError } from "../../errors.ts";
import { type Json, type SettingsFormat, valueAt } from "./settings_format.ts";
import { lineEndingOf, splice } from "./splice.ts";
import { readStatements, type Statement } from "./toml_statements.ts";

/**
 * TOML 1.0: values that are not tables, each in a table. The library parses the values. The
 * offsets are found here, because no library edits TOML without changing whitespace. The caller compares the parsed
 * values after an edit.
 */
export const toml: SettingsFormat = {
  get: (text, key) => valueAt(read(text), key),
  set: (text, key, value) => {
    const there = statementOf(text, key);
    if (there !== undefined) return splice(text, there.start, there.end, writeValue(value));
    const ways = [addToTable, addTable, addToOuterTable];
    const added = ways.map((add) => add(text, key, value))
      .find((after) => after !== undefined && has(after, key));
    if (added === undefined) throw notEdited(key);
    return added;
  },
  remove: (text, key) => {
    const there = statementOf(text, key);
    if (there !== undefined) return cutLines(text, lineStart(text, there.keyStart), there.end);
    return removeTable(text, key);
  },
};

/** Returns the values of a text that are not tables, each with the offsets of its lines. Throws for invalid TOML. */
export function readTomlValues(text: string): TomlValue[] {
  const table = read(text);
  return readStatements(text).filter(({ kind }) => kind === "value").flatMap(
    ({ path, keyStart, end }) => {
      const lines = { start: lineStart(text, keyStart), end: lineEnd(text, end) };
      return leavesOf(path, valueAt(table, path)).map(([key, value]) => ({
        path: key,
        value,
        isInline: key.length > path.length,
        ...lines,
      }));
    },
  );
}

function leavesOf(path: readonly string[], value: unknown): [string[], unknown][] {
  if (Object.prototype.toString.call(value) !== "[object Object]") return [[[...path], value]];
  return Object.entries(value as object).flatMap(([name, inner]) =>
    leavesOf([...path, name], inner)
  );
}

function unfit(why: string): FobError {
  return new FobError("config_invalid", why);
}

function notEdited(key: readonly string[]): FobError {
  return unfit(`fob cannot edit this form of "${key.join(".")}"`);
}

function read(text: string): TomlTable {
  try {
    return parse(text);
  } catch (error) {
    // The parser's message quotes the text.
    const line = error instanceof Error && "line" in error ? ` in line ${error.line}` : "";
    throw unfit(`it is not TOML${line}`);
  }
}

/** Returns the last `name = value` for that key, in any form of its table. */
function statementOf(text: string, key: readonly string[]): Statement | undefined {
  return readStatements(text).findLast(({ kind, path }) => kind === "value" && isEqual(path, key));
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, i) => name === other[i]);
}

/** Whether `text` is TOML and contains `key`. */
function has(text: string, key: readonly string[]): boolean {
  try {
    return valueAt(read(text), key) !== undefined;
  } catch {
    return false;
  }
}

/** Adds a value after the last one of its table, if the table has a header. */
function addToTable(text: string, key: readonly string[], value: Json): string | undefined {
  const table = key.slice(0, -1);
  return table.length === 0 ? undefined : addBelow(text, table, writeLine(key.slice(-1), value));
}

/** Adds a value with a dotted key to the nearest table around its own, at the latest to the root. */
function addToOuterTable(text: string, key: readonly string[], value: Json): string | undefined {
  for (let depth = key.length - 2; depth >= 0; depth--) {
    const added = addBelow(text, key.slice(0, depth), writeLine(key.slice(depth), value));
    if (added !== undefined && has(added, key)) return added;
  }
  return undefined;
}

/** Adds a line after the last value of `table`, if the table has a header or is the root. */
function addBelow(text: string, table: readonly string[], line: string): string | undefined {
  const statements = readStatements(text);
  const header = statements.findIndex((it) => it.kind === "table" && isEqual(it.path, table));
  if (header < 0 && table.length > 0) return undefined;
  const own = statements.slice(header + 1);
  const end = own.findIndex(({ kind }) => kind !== "value");
  const last = own.slice(0, end < 0 ? undefined : end).at(-1) ?? statements[header];
  const eol = lineEndingOf(text);
  if (last === undefined) return line + eol + text;
  const at = lineEnd(text, last.end);
  return text[at - 1] === "\n" ? splice(text, at, at, line + eol) : `${text}${eol}${line}`;
}

/** Adds a table at the end, after an empty line. If the last line has no ending, the new one gets none. */
function addTable(text: string, key: readonly string[], value: Json): string {
  const eol = lineEndingOf(text);
  const table = `[${key.slice(0, -1).map(writeName).join(".")}]${eol}${
    writeLine(key.slice(-1), value)
  }`;
  if (text === "") return table + eol;
  return text.endsWith("\n") ? text + eol + table + eol : text + eol + eol + table;
}

function writeLine(key: readonly string[], value: Json): string {
  return `${key.map(writeName).join(".")} = ${writeValue(value)}`;
}

function writeName(name: string): string {
  return /^[\w-]+$/.test(name) ? name : writeValue(name);
}

function writeValue(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writeValue).join(", ")}]`;
  if (typeof value === "object") throw unfit("a value must not be a table");
  return stringify({ value }).replace(/^value = /, "").trimEnd();
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/**
 * Removes the lines from `start` to the line with `offset`. If the last line has no ending, the line before it had
 * none when these were added.
 */
function cutLines(text: string, start: number, offset: number): string {
  const end = lineEnd(text, offset);
  const before = text.slice(0, start);
  const isLast = end === text.length && !text.endsWith("\n");
  return (isLast ? before.replace(/\r?\n$/, "") : before) + text.slice(end);
}

/** Removes the header of an empty table, with the empty line above it. */
function removeTable(text: string, key: readonly string[]): string {
  const statements = readStatements(text);
  const at = statements.findIndex(({ kind, path }) => kind === "table" && isEqual(path, key));
  const [header, next] = [statements[at], statements[at + 1]];
  if (header === undefined || next?.kind === "value") throw notEdited(key);
  const start = lineStart(text, header.keyStart);
  const gap = /(?<=^|\n)\r?\n$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return cutLines(text, start - gap, header.end);
}

/** A value in a TOML text with its full key and the offsets of its lines. */
export interface TomlValue {
  readonly path: readonly string[];
  readonly value: unknown;
  /** Whether it is part of an inline table, so that other values share its line. */
  readonly isInline: boolean;
  readonly start: number;
  readonly end: number;
}
