import { parse, stringify, type TomlTable } from "smol-toml";
import { FobError } from "../../errors.ts";
import { isObject } from "../json_object.ts";
import type { Json, SettingsFormat } from "./settings_format.ts";
import { lineEndingOf, splice } from "./splice.ts";
import { readStatements, type Statement } from "./toml_statements.ts";

/**
 * TOML 1.0. The library says what a text means; where it stands is found here, as no library edits TOML
 * without changing the spaces around it. What a text means after an edit is compared by who asked for it.
 */
export const toml: SettingsFormat = {
  get: (text, key) => valueAt(read(text), key),
  set: (text, key, value) => {
    const there = statementOf(text, key);
    if (there !== undefined) return splice(text, there.start, there.end, writeValue(value));
    const waysToAdd = [addToTable, addTable, addToOuterTable];
    const added = waysToAdd.map((add) => add(text, key, value));
    const fit = added.find((after) => after !== undefined && isReadBack(after, text, key));
    if (fit === undefined) throw unfit(`"${key.join(".")}" is written in a way that is not edited`);
    return fit;
  },
  remove: (text, key) => {
    const there = statementOf(text, key);
    if (there !== undefined) return removeLine(text, there);
    return removeTable(text, key);
  },
};

/**
 * The values of a text that are no tables, each with what it means and the lines that it stands in. Throws for
 * what is no TOML.
 */
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

function read(text: string): TomlTable {
  try {
    return parse(text);
  } catch (error) {
    // The parser's own message would quote the text.
    const line = error instanceof Error && "line" in error ? ` in line ${error.line}` : "";
    throw unfit(`it is not TOML${line}`);
  }
}

function valueAt(table: TomlTable, key: readonly string[]): Json | undefined {
  let at: unknown = table;
  for (const name of key) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at as Json;
}

/** The last `name = value` for that key, however its table is written. */
function statementOf(text: string, key: readonly string[]): Statement | undefined {
  return readStatements(text).findLast(({ kind, path }) => kind === "value" && isEqual(path, key));
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, i) => name === other[i]);
}

/** Whether the text can be read, and has something there that was not there before. */
function isReadBack(after: string, before: string, key: readonly string[]): boolean {
  try {
    return valueAt(read(after), key) !== undefined && valueAt(read(before), key) === undefined;
  } catch {
    return false;
  }
}

/** Below the last value of the table that has a header. */
function addToTable(text: string, key: readonly string[], value: Json): string | undefined {
  if (isObject(value)) return undefined;
  return addBelow(text, key.slice(0, -1), writeLine(key.slice(-1), value));
}

/** The same with a dotted key, in the nearest table around it that is there, which may be the root. */
function addToOuterTable(text: string, key: readonly string[], value: Json): string | undefined {
  for (let depth = key.length - 2; depth >= 0; depth--) {
    const added = addBelow(text, key.slice(0, depth), writeLine(key.slice(depth), value));
    if (added !== undefined && isReadBack(added, text, key)) return added;
  }
  return undefined;
}

function addBelow(text: string, table: readonly string[], line: string): string | undefined {
  const statements = readStatements(text);
  const header = statements.findIndex((it) => it.kind === "table" && isEqual(it.path, table));
  if (table.length > 0 && header < 0) return undefined;
  const own = statements.slice(header + 1);
  const end = own.findIndex(({ kind }) => kind !== "value");
  const last = own.slice(0, end < 0 ? undefined : end).at(-1) ?? statements[header];
  const eol = lineEndingOf(text);
  if (last === undefined) return line + eol + text;
  const at = lineEnd(text, last.end);
  return text[at - 1] === "\n" ? splice(text, at, at, line + eol) : `${text}${eol}${line}`;
}

/** A table of its own at the end, behind an empty line. A text whose last line has no ending keeps it so. */
function addTable(text: string, key: readonly string[], value: Json): string | undefined {
  if (key.length < 2 && !isObject(value)) return undefined;
  const eol = lineEndingOf(text);
  const block = isObject(value)
    ? writeTable(key, value)
    : `[${writeKey(key.slice(0, -1))}]\n${writeLine(key.slice(-1), value)}\n`;
  const lines = block.replaceAll("\n", eol);
  if (text === "") return lines;
  if (text.endsWith("\n")) return text + eol + lines;
  return text + eol + eol + lines.slice(0, -eol.length);
}

function writeTable(key: readonly string[], table: { readonly [name: string]: Json }): string {
  const entries = Object.entries(table);
  const own = entries.filter(([, value]) => !isObject(value))
    .map(([name, value]) => `${writeLine([name], value)}\n`).join("");
  const inner = entries.map(([name, value]) =>
    isObject(value) ? `\n${writeTable([...key, name], value)}` : ""
  ).join("");
  return `[${writeKey(key)}]\n${own}${inner}`;
}

function writeLine(key: readonly string[], value: Json): string {
  return `${writeKey(key)} = ${writeValue(value)}`;
}

function writeKey(key: readonly string[]): string {
  return key.map((name) => /^[\w-]+$/.test(name) ? name : writeValue(name)).join(".");
}

function writeValue(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writeValue).join(", ")}]`;
  if (!isObject(value)) return stringify({ value }).replace(/^value = /, "").trimEnd();
  const entries = Object.entries(value).map(([name, inner]) => writeLine([name], inner));
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function removeLine(text: string, { keyStart, end }: Statement): string {
  return cutLines(text, lineStart(text, keyStart), lineEnd(text, end));
}

/** As the last line has no ending, the one before had none when these were added. */
function cutLines(text: string, start: number, end: number): string {
  const before = text.slice(0, start);
  const isLast = end === text.length && !text.endsWith("\n");
  return (isLast ? before.replace(/\r?\n$/, "") : before) + text.slice(end);
}

/** The table and the tables in it, with the empty line above each. */
function removeTable(text: string, key: readonly string[]): string {
  const statements = readStatements(text);
  const isInside = ({ path }: Statement): boolean => isEqual(path.slice(0, key.length), key);
  const first = statements.findIndex((it) => it.kind === "table" && isInside(it));
  if (first < 0) throw unfit(`"${key.join(".")}" is written in a way that is not edited`);
  const length = statements.slice(first).findIndex((it) => !isInside(it));
  const last = statements.at(length < 0 ? -1 : first + length - 1);
  const start = lineStart(text, statements[first]?.keyStart ?? 0);
  const gap = /(?<=^|\n)\r?\n$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return cutLines(text, start - gap, lineEnd(text, last?.end ?? start));
}

/** A value in a TOML text, by its whole key, and where its line starts and ends. */
export interface TomlValue {
  readonly path: readonly string[];
  readonly value: unknown;
  /** Whether it is a part of a table on one line, so that the line is not its own. */
  readonly isInline: boolean;
  readonly start: number;
  readonly end: number;
}
