/** A line of an INI file. `key` and `value` are empty except in an entry. */
export interface Line {
  /** The line with its ending, unchanged. */
  readonly raw: string;
  /** The section of the line. A header is in the section that it opens. */
  readonly section: string;
  /** `filler` is a blank line or a comment, `unknown` a line outside of the grammar. */
  readonly kind: "header" | "entry" | "filler" | "unknown";
  readonly key: string;
  readonly value: string;
  /** The offset of the value in `raw`. */
  readonly start: number;
  /** The delimiter to write before a new value, if the line has none. */
  readonly delimiter: string;
}

/** Returns the lines of a text. Joined, they are the text again. */
export function readLines(text: string): Line[] {
  let section = "";
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((raw) => {
    const line = readLine(raw, section);
    section = line.section;
    return line;
  });
}

/** A header: its name and the offsets of its line. */
interface Header {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the parts of a text by section name, each from a header to the next. The part above the first header has
 * the name `""`. Does not parse the lines between headers.
 */
export function readParts(text: string): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (let part: Header | undefined = { name: "", start: 0, end: 0 }; part !== undefined;) {
    const next = nextHeader(text, part.end);
    const known = parts.get(part.name);
    const own = text.slice(part.start, next?.start);
    if (known === undefined) parts.set(part.name, [own]);
    else known.push(own);
    part = next;
  }
  return parts;
}

/** Returns the parts of one section, like {@link readParts}, without parsing the other headers. Not for `""`. */
export function readPartsOf(text: string, name: string): string[] {
  const parts: string[] = [];
  for (let at = text.indexOf(`[${name}]`); at >= 0;) {
    const { start, end } = lineAt(text, at);
    if (headerIn(text.slice(start, end)) === name) {
      parts.push(text.slice(start, nextHeader(text, end)?.start));
    }
    at = text.indexOf(`[${name}]`, end);
  }
  return parts;
}

/** Returns the first header at or after the offset `from`. */
function nextHeader(text: string, from: number): Header | undefined {
  for (let at = text.indexOf("[", from); at >= 0;) {
    const { start, end } = lineAt(text, at);
    const name = headerIn(text.slice(start, end));
    if (name !== undefined) return { name, start, end };
    at = text.indexOf("[", end);
  }
  return undefined;
}

/** Returns the offsets of the line around the character `at`, without its line feed. */
function lineAt(text: string, at: number): { readonly start: number; readonly end: number } {
  const end = text.indexOf("\n", at);
  return { start: text.lastIndexOf("\n", at) + 1, end: end < 0 ? text.length : end };
}

/** Returns the name in a header line, or `undefined` for any other line. */
function headerIn(line: string): string | undefined {
  const text = line.trimStart();
  const close = text.startsWith("[") ? text.indexOf("]") : -1;
  return close < 0 ? undefined : text.slice(1, close);
}

function readLine(raw: string, section: string): Line {
  const body = raw.replace(/\r?\n$/, "");
  const text = body.trimStart();
  const line = { raw, section, key: "", value: "", start: 0, delimiter: "" };
  if (text === "" || /^[;#]/.test(text)) return { ...line, kind: "filler" };
  if (!text.startsWith("[")) return readEntry(line, body);
  const header = headerIn(text);
  if (header === undefined) return { ...line, kind: "unknown" };
  return { ...line, kind: "header", section: header };
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

/** Returns the line with another value and no other byte changed. */
export function withValue(line: Line, value: string): string {
  if (value === line.value) return line.raw;
  const end = line.start + line.value.length;
  return line.raw.slice(0, line.start) + line.delimiter + value + line.raw.slice(end);
}

/** Whether the line is a header or an entry. */
export function isInConfigFile(line: Line): boolean {
  return line.kind === "header" || line.kind === "entry";
}

/** Whether the line is an entry with that key in that section. */
export function isEntry(line: Line, section: string, key: string): boolean {
  return line.kind === "entry" && line.section === section && line.key === key;
}
