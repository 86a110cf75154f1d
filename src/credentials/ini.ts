import { FobError } from "../errors.ts";

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
  #lines: readonly Line[];

  private constructor(text: string) {
    this.#byteOrderMark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
    this.#lines = readLines(text.slice(this.#byteOrderMark.length));
  }

  /** Any text is a document. */
  static parse(text: string): IniDocument {
    return new IniDocument(text);
  }

  /** The text, as it was where nothing was edited. */
  toString(): string {
    return this.#byteOrderMark + this.#text(0, this.#lines.length);
  }

  /** The names of the sections, each once, as they first appear. Keys above any header are in `""`, which is not listed. */
  sections(): string[] {
    const headers = this.#lines.filter((line) => line.kind === "header" && line.section !== "");
    return [...new Set(headers.map((line) => line.section))];
  }

  /** The numbers of the lines that say nothing in this grammar, from 1. */
  unreadLines(): number[] {
    return this.#lines.flatMap((line, index) => line.kind === "unknown" ? [index + 1] : []);
  }

  /** Whether the section has a header or a key. */
  has(section: string): boolean {
    return this.#lines.some((line) => line.section === section && isStated(line));
  }

  /** The value of the last such key, `""` for a key without a delimiter. */
  get(section: string, key: string): string | undefined {
    return this.#lines.findLast((line) => isEntry(line, section, key))?.value;
  }

  /** The keys of all the section's parts with the values that {@link get} reads. */
  entries(section: string): Map<string, string> {
    const entries = this.#lines.filter((line) => line.kind === "entry" && line.section === section);
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
    const parts = this.#partsOf(section);
    return this.#keep((line) => !parts.has(line));
  }

  /** The lines of the section, and the comments that are its own because they touch its headers. */
  #partsOf(section: string): Set<Line> {
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

  #lineEnding(): string {
    return this.#lines[0]?.raw.match(/\r?\n$/)?.[0] ?? "\n";
  }

  #text(start: number, end: number): string {
    return this.#lines.slice(start, end).map((line) => line.raw).join("");
  }

  #splice(index: number, count: number, text: string): void {
    const length = this.#lines.length;
    this.#lines = readLines(this.#text(0, index) + text + this.#text(index + count, length));
  }

  #keep(predicate: (line: Line) => boolean): boolean {
    const kept = this.#lines.filter(predicate);
    const removed = kept.length < this.#lines.length;
    this.#lines = readLines(kept.map((line) => line.raw).join(""));
    return removed;
  }
}

/** A line in its place. `key` and `value` are empty but in an entry. */
interface Line {
  /** The line with its ending, byte for byte. */
  readonly raw: string;
  /** The section that the line is in; for a header, the one that it opens. */
  readonly section: string;
  /** `filler`: a blank line or a comment; `unknown`: anything that the grammar does not have. */
  readonly kind: "header" | "entry" | "filler" | "unknown";
  readonly key: string;
  readonly value: string;
  /** Where the value starts in `raw`. */
  readonly start: number;
  /** What must come before a value that is written there: a delimiter, where the line has none. */
  readonly delimiter: string;
}

function readLines(text: string): Line[] {
  let section = "";
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((raw) => {
    const line = readLine(raw, section);
    section = line.section;
    return line;
  });
}

function readLine(raw: string, section: string): Line {
  const body = raw.replace(/\r?\n$/, "");
  const text = body.trimStart();
  const line = { raw, section, key: "", value: "", start: 0, delimiter: "" };
  if (text === "" || /^[;#]/.test(text)) return { ...line, kind: "filler" };
  if (!text.startsWith("[")) return readEntry(line, body);
  const close = text.indexOf("]");
  if (close < 0) return { ...line, kind: "unknown" };
  return { ...line, kind: "header", section: text.slice(1, close) };
}

function readEntry(line: Omit<Line, "kind">, body: string): Line {
  const delimiter = body.search(/[=:]/);
  if (delimiter < 0) {
    const key = withoutComment(body);
    const start = key.trimEnd().length;
    return { ...line, kind: "entry", key: key.trim(), start, delimiter: " = " };
  }
  const key = body.slice(0, delimiter).trim();
  if (key === "") return { ...line, kind: "unknown" };
  const rest = withoutComment(body.slice(delimiter + 1));
  const start = delimiter + 1 + rest.length - rest.trimStart().length;
  return { ...line, kind: "entry", key, value: rest.trim(), start };
}

function withoutComment(text: string): string {
  const comment = text.search(/ [;#]/);
  return comment < 0 ? text : text.slice(0, comment);
}

function withValue(line: Line, value: string): string {
  if (value === line.value) return line.raw;
  const end = line.start + line.value.length;
  return line.raw.slice(0, line.start) + line.delimiter + value + line.raw.slice(end);
}

function isStated(line: Line): boolean {
  return line.kind === "header" || line.kind === "entry";
}

function isEntry(line: Line, section: string, key: string): boolean {
  return line.kind === "entry" && line.section === section && line.key === key;
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
