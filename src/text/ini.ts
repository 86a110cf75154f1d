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
 * An INI file that is edited without being reformatted: parse and print is the identity for any text,
 * and an edit changes the bytes that must change.
 *
 * The grammar is that of Databricks' Go tools (gopkg.in/ini.v1 with `SpaceBeforeInlineComment`) but
 * for its quotes, continued lines and interpolation, which their Python tools do not share: a line
 * ends at a line feed; keys and values are trimmed; `=` or `:`, whichever comes first, ends a key;
 * `;` or `#` starts a comment at the start of a line or after a space. Names are case-sensitive.
 * Lines that say nothing in this grammar are kept and skipped.
 */
export class IniDocument {
  readonly #byteOrderMark: string;
  #body: string;
  #parsed: readonly Line[] | undefined;
  /** The parts of each section, one from each of its headers, as long as nothing changes. */
  #parts: ReadonlyMap<string, readonly string[]> | undefined;
  /** The lines of the sections that have been read: of a thousand, few are. */
  readonly #read = new Map<string, readonly Line[]>();

  private constructor(text: string) {
    this.#byteOrderMark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
    this.#body = text.slice(this.#byteOrderMark.length);
  }

  /** Any text is a document. */
  static parse(text: string): IniDocument {
    return new IniDocument(text);
  }

  /** The text, as it was where nothing was edited. */
  toString(): string {
    return this.#byteOrderMark + this.#body;
  }

  /** Whether `text` is anywhere in the document: if not, there is no such section and no such key. */
  mentions(text: string): boolean {
    return this.#body.includes(text);
  }

  /** The names of the sections, each once, as they first appear. Keys above any header are in `""`, which is not listed. */
  sections(): string[] {
    return [...this.#partsByName().keys()].filter((section) => section !== "");
  }

  /** The numbers of the lines that say nothing in this grammar, from 1. */
  unreadLines(): number[] {
    return this.#lines.flatMap((line, index) => line.kind === "unknown" ? [index + 1] : []);
  }

  /** What the section's lines say, headers and keys, with the numbers of the lines, from 1. */
  statements(section: string): Statement[] {
    return this.#lines.flatMap((line, index) =>
      line.section === section && isInConfigFile(line)
        ? [{ number: index + 1, key: line.key, value: line.value }]
        : []
    );
  }

  /** Whether the section has a header or a key. */
  has(section: string): boolean {
    return this.#linesOf(section).some(isInConfigFile);
  }

  /** The value of the last such key, `""` for a key without a delimiter. */
  get(section: string, key: string): string | undefined {
    return this.#linesOf(section).findLast((line) => isEntry(line, section, key))?.value;
  }

  /** The keys of all the section's parts with the values that {@link get} reads. */
  entries(section: string): Map<string, string> {
    const entries = this.#linesOf(section).filter(({ kind }) => kind === "entry");
    return new Map(entries.map((line) => [line.key, line.value]));
  }

  /**
   * Every line of that key in that section: its value, and where the line with its ending stands in the
   * text.
   */
  occurrences(section: string, key: string): { value: string; start: number; end: number }[] {
    let end = this.#byteOrderMark.length;
    const lines = this.#lines.map((line) => ({ line, start: end, end: end += line.raw.length }));
    return lines.filter(({ line }) => isEntry(line, section, key))
      .map(({ line, start, end }) => ({ value: line.value, start, end }));
  }

  /**
   * Changes the bytes of the value that {@link get} reads. A new key goes below the last one of its
   * section, a new section to the end. Throws `config_invalid` for what would not be read back.
   */
  set(section: string, key: string, value: string): void {
    assertReadable(section, key, value);
    const index = this.#lines.findLastIndex((line) => isEntry(line, section, key));
    const line = this.#lines[index];
    if (line !== undefined) this.#splice(index, 1, withValue(line, value));
    else if (section === "" || this.has(section)) this.#append(section, `${key} = ${value}`);
    else this.#appendSection(section, `${key} = ${value}`);
  }

  /** Removes every line of that key in that section. `false`: there was none. */
  unset(section: string, key: string): boolean {
    return this.#keep((line) => !isEntry(line, section, key));
  }

  /**
   * Removes all parts of the section with the comments in them and directly above their headers. What
   * stands above the header of another section belongs to that one, and stays. `false`: there was no
   * such section.
   */
  removeSection(section: string): boolean {
    if (!this.has(section)) return false;
    const own = this.#ownLines(section);
    return this.#keep((line) => !own.has(line));
  }

  /** The lines of the section, and the comments that are its own because they touch its headers. */
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

  /** What keeps a new line apart from the one before, which may be the last and have no ending. */
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

/** A line that says something. */
export interface Statement {
  /** From 1. */
  readonly number: number;
  /** Empty in a header. */
  readonly key: string;
  readonly value: string;
}

/** Refuses what would not be read back. The value may be a secret, so that no message has it. */
function assertReadable(section: string, key: string, value: string): void {
  const problem = findProblem(section, key, value);
  if (problem === undefined) return;
  const place = `${JSON.stringify(key)} in section ${JSON.stringify(section)}`;
  throw new FobError("config_invalid", `Cannot write the key ${place}: ${problem}`);
}

function findProblem(section: string, key: string, value: string): string | undefined {
  if (/[\r\n\0\]]/.test(section)) return "a section's name cannot hold a line break, NUL or ]";
  if (key === "" || key !== key.trim()) return "a key cannot be empty, start or end with a space";
  if (/[\r\n\0=:[;#]/.test(key)) return "a key cannot hold a line break, NUL or one of = : [ ; #";
  if (/[\r\n\0]/.test(value)) return "a value cannot hold a line break or NUL";
  if (value !== value.trim()) return "a value cannot start or end with a space";
  if (/^[;#]| [;#]/.test(value)) return "a value cannot hold what starts a comment";
  return undefined;
}
