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

/** The line of a header, and what it says. */
interface Header {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The parts of a text, each from a header to the next, by the names in the headers; what stands above the first is in
 * `""`. The lines between are not read.
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

/** What {@link readParts} has for a name that is not `""`. The other headers are not read either. */
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

/** The first header in the lines from `from` on. */
function nextHeader(text: string, from: number): Header | undefined {
  for (let at = text.indexOf("[", from); at >= 0;) {
    const { start, end } = lineAt(text, at);
    const name = headerIn(text.slice(start, end));
    if (name !== undefined) return { name, start, end };
    at = text.indexOf("[", end);
  }
  return undefined;
}

/** Where the line of a character begins, and ends before its line feed. */
function lineAt(text: string, at: number): { readonly start: number; readonly end: number } {
  const end = text.indexOf("\n", at);
  return { start: text.lastIndexOf("\n", at) + 1, end: end < 0 ? text.length : end };
}

/** The name in the header that a line is. */
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

/** The line with another value, and no other byte changed. */
export function withValue(line: Line, value: string): string {
  if (value === line.value) return line.raw;
  const end = line.start + line.value.length;
  return line.raw.slice(0, line.start) + line.delimiter + value + line.raw.slice(end);
}

/** Whether the line says something. */
export function isInConfigFile(line: Line): boolean {
  return line.kind === "header" || line.kind === "entry";
}

/** Whether the line is of that key in that section. */
export function isEntry(line: Line, section: string, key: string): boolean {
  return line.kind === "entry" && line.section === section && line.key === key;
}
