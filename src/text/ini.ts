import { FobError } from "../errors.ts";
import {
  isEntry,
  isInConfigFile,
  type Line,
  readLines,
  readParts,
  readPartsOf,
  withValue,
} from "./ini_line.ts";

/**
 * An INI file that is edited without reformatting. Parsing and printing returns any text unchanged, and an edit
 * changes only the bytes that must change.
 *
 * The grammar is that of Databricks' Go tools (gopkg.in/ini.v1 with `SpaceBeforeInlineComment`), without quotes,
 * continued lines and interpolation, which their Python tools do not support:
 *
 * - a line ends at a line feed
 * - keys and values are trimmed
 * - the first `=` or `:` ends a key
 * - `;` or `#` starts a comment at the start of a line or after a space
 * - names are case-sensitive
 *
 * Lines that do not match this grammar are skipped and kept.
 */
export class IniDocument {
  readonly #byteOrderMark: string;
  #body: string;
  #parsed: readonly Line[] | undefined;
  /** The parts of each section, one for each of its headers. Reset by an edit. */
  #parts: ReadonlyMap<string, readonly string[]> | undefined;
  /** The lines of the sections read so far: of many sections, few are needed. */
  readonly #read = new Map<string, readonly Line[]>();

  private constructor(text: string) {
    this.#byteOrderMark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
    this.#body = text.slice(this.#byteOrderMark.length);
  }

  /** Parses a text. Any text is a valid document. */
  static parse(text: string): IniDocument {
    return new IniDocument(text);
  }

  /** Returns the text. Parts that were not edited are unchanged. */
  toString(): string {
    return this.#byteOrderMark + this.#body;
  }

  /** Whether `text` occurs anywhere in the document. If not, no section or key has that name. */
  mentions(text: string): boolean {
    return this.#body.includes(text);
  }

  /** The names of the sections, each once, in file order. Omits `""`, the section of keys above the first header. */
  sections(): string[] {
    return [...this.#partsByName().keys()].filter((section) => section !== "");
  }

  /** The numbers, from 1, of the lines that do not match the grammar. */
  unreadLines(): number[] {
    return this.#lines.flatMap((line, index) => line.kind === "unknown" ? [index + 1] : []);
  }

  /** The headers and entries of the section, with line numbers. */
  statements(section: string): Statement[] {
    return this.#lines.flatMap((line, index) =>
      line.section === section && isInConfigFile(line)
        ? [{ number: index + 1, key: line.key, value: line.value }]
        : []
    );
  }

  /** Whether the section has a header or an entry. */
  has(section: string): boolean {
    return this.#linesOf(section).some(isInConfigFile);
  }

  /** The value of the last entry with that key; `""` for a key without a delimiter. */
  get(section: string, key: string): string | undefined {
    return this.#linesOf(section).findLast((line) => isEntry(line, section, key))?.value;
  }

  /** The keys of all parts of the section with the values that {@link get} returns. */
  entries(section: string): Map<string, string> {
    const entries = this.#linesOf(section).filter(({ kind }) => kind === "entry");
    return new Map(entries.map((line) => [line.key, line.value]));
  }

  /** Every entry with that key in that section: its value, and the offsets of its line with the line ending. */
  occurrences(section: string, key: string): { value: string; start: number; end: number }[] {
    let end = this.#byteOrderMark.length;
    const lines = this.#lines.map((line) => ({ line, start: end, end: end += line.raw.length }));
    return lines.filter(({ line }) => isEntry(line, section, key))
      .map(({ line, start, end }) => ({ value: line.value, start, end }));
  }

  /**
   * Replaces the value that {@link get} returns. Adds a new key after the last one of its section, and a new section
   * at the end. Throws `config_invalid` for a name or value that could not be read back.
   */
  set(section: string, key: string, value: string): void {
    assertReadable(section, key, value);
    const index = this.#lines.findLastIndex((line) => isEntry(line, section, key));
    const line = this.#lines[index];
    if (line !== undefined) this.#splice(index, 1, withValue(line, value));
    else if (section === "" || this.has(section)) this.#append(section, `${key} = ${value}`);
    else this.#appendSection(section, `${key} = ${value}`);
  }

  /** Removes every entry with that key in that section. Returns `false` if there was none. */
  unset(section: string, key: string): boolean {
    return this.#keep((line) => !isEntry(line, section, key));
  }

  /**
   * Removes all parts of the section, with the comments in them and directly above their headers. Keeps the comments
   * above the header of another section. Returns `false` if the section does not exist.
   */
  removeSection(section: string): boolean {
    if (!this.has(section)) return false;
    const own = this.#ownLines(section);
    return this.#keep((line) => !own.has(line));
  }

  /** Returns the lines of the section, and the comments directly above its headers. */
  #ownLines(section: string): Set<Line> {
    const parts = new Set<Line>();
    let opened: string | undefined;
    let isNear = false;
    for (const line of this.#lines.toReversed()) {
      const isFiller = line.kind === "filler";
      isNear &&= isFiller && line.raw.trim() !== "";
      const isAboveAnother = isFiller && opened !== undefined && opened !== line.section;
      if (isAboveAnother ? opened === section && isNear : line.section === section) parts.add(line);
      if (line.kind === "header") [opened, isNear] = [line.section, true];
      else if (!isFiller) opened = undefined;
    }
    return parts;
  }

  #append(section: string, text: string): void {
    const last = this.#lines.findLastIndex((line) =>
      line.section === section && line.kind !== "filler"
    );
    const end = this.#lineEnding();
    this.#splice(last + 1, 0, this.#separator(last + 1) + text + end);
  }

  #appendSection(section: string, text: string): void {
    const length = this.#lines.length;
    const end = this.#lineEnding();
    const isBlank = (this.#lines.at(-1)?.raw ?? "").trim() === "";
    const gap = this.#separator(length) + (isBlank ? "" : end);
    this.#splice(length, 0, `${gap}[${section}]${end}${text}${end}`);
  }

  /** Returns the line ending to insert before a new line: the previous line may be the last and have none. */
  #separator(index: number): string {
    const before = this.#lines[index - 1];
    return before === undefined || before.raw.endsWith("\n") ? "" : this.#lineEnding();
  }

  get #lines(): readonly Line[] {
    return this.#parsed ??= readLines(this.#body);
  }

  #linesOf(section: string): readonly Line[] {
    const known = this.#read.get(section);
    if (known !== undefined) return known;
    const lines = this.#partsOf(section).flatMap(readLines);
    this.#read.set(section, lines);
    return lines;
  }

  #partsOf(section: string): readonly string[] {
    const isIndexed = section === "" || this.#parts !== undefined;
    return isIndexed ? this.#partsByName().get(section) ?? [] : readPartsOf(this.#body, section);
  }

  #partsByName(): ReadonlyMap<string, readonly string[]> {
    return this.#parts ??= readParts(this.#body);
  }

  #lineEnding(): string {
    return this.#lines[0]?.raw.match(/\r?\n$/)?.[0] ?? "\n";
  }

  #text(start: number, end: number): string {
    return this.#lines.slice(start, end).map((line) => line.raw).join("");
  }

  #splice(index: number, count: number, text: string): void {
    const length = this.#lines.length;
    this.#replace(this.#text(0, index) + text + this.#text(index + count, length));
  }

  #keep(predicate: (line: Line) => boolean): boolean {
    const kept = this.#lines.filter(predicate);
    const removed = kept.length < this.#lines.length;
    this.#replace(kept.map((line) => line.raw).join(""));
    return removed;
  }

  #replace(text: string): void {
    this.#body = text;
    this.#parsed = undefined;
    this.#parts = undefined;
    this.#read.clear();
  }
}

/** A header or an entry. */
export interface Statement {
  /** The line number, from 1. */
  readonly number: number;
  /** Empty for a header. */
  readonly key: string;
  readonly value: string;
}

/** Throws for a name or value that could not be read back. The message omits the value, which may be a secret. */
function assertReadable(section: string, key: string, value: string): void {
  const problem = findProblem(section, key, value);
  if (problem === undefined) return;
  const place = `${JSON.stringify(key)} in section ${JSON.stringify(section)}`;
  throw new FobError("config_invalid", `Cannot write ${place}: ${problem}`);
}

function findProblem(section: string, key: string, value: string): string | undefined {
  if (/[\r\n\0\]]/.test(section)) return "a section name must not contain a line break, NUL or ]";
  if (key === "" || key !== key.trim()) {
    return "a key must not be empty, or start or end with a space";
  }
  if (/[\r\n\0=:[;#]/.test(key)) {
    return "a key must not contain a line break, NUL or one of = : [ ; #";
  }
  if (/[\r\n\0]/.test(value)) return "a value must not contain a line break or NUL";
  if (value !== value.trim()) return "a value must not start or end with a space";
  if (/^[;#]| [;#]/.test(value)) return "a value must not contain the start of a comment";
  return undefined;
}
