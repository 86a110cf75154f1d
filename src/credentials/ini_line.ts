/** A line in its place. `key` and `value` are empty but in an entry. */
export interface Line {
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

/** The lines of a text, which joined again are the text. */
export function readLines(text: string): Line[] {
  let section = "";
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((raw) => {
    const line = readLine(raw, section);
    section = line.section;
    return line;
  });
}

/**
 * The parts of a text, each from a header to the next, by the names in the headers; what stands above the first is in
 * `""`. Finds what {@link readLines} takes for a header, without reading the lines between.
 */
export function readParts(text: string): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  let [section, start] = ["", 0];
  const close = (end: number): void => {
    const known = parts.get(section);
    if (known === undefined) parts.set(section, [text.slice(start, end)]);
    else known.push(text.slice(start, end));
  };
  for (const { index, groups: { name = "" } = {} } of text.matchAll(header)) {
    close(index);
    [section, start] = [name, index];
  }
  close(text.length);
  return parts;
}

/** A header at the start of a line, which a line feed alone begins. */
const header = /(?<=^|\n)[^\S\n]*\[(?<name>[^\]\n]*)\]/g;

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

/** The line with another value, and no other byte changed. */
export function withValue(line: Line, value: string): string {
  if (value === line.value) return line.raw;
  const end = line.start + line.value.length;
  return line.raw.slice(0, line.start) + line.delimiter + value + line.raw.slice(end);
}

/** Whether the line says something. */
export function isStated(line: Line): boolean {
  return line.kind === "header" || line.kind === "entry";
}

/** Whether the line is of that key in that section. */
export function isEntry(line: Line, section: string, key: string): boolean {
  return line.kind === "entry" && line.section === section && line.key === key;
}
