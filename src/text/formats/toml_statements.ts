/** A statement of a TOML text, with its offsets. */
export interface Statement {
  readonly kind: "value" | "table" | "array-table";
  /** The full path. For a value, the path of its table followed by its own key. */
  readonly path: readonly string[];
  /** The start of the key or the header. */
  readonly keyStart: number;
  /** The start of the value or the header. */
  readonly start: number;
  /** The end of the value or the header. */
  readonly end: number;
}

/** Returns the statements of `text` in order. `text` must be TOML; this is not checked. */
export function readStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let table: readonly string[] = [];
  let at = skip(text, 0, /(?:\s|#[^\n]*)*/y);
  while (at < text.length) {
    const statement = text[at] === "[" ? readHeader(text, at) : readValue(text, at, table);
    if (statement.kind !== "value") table = statement.path;
    statements.push(statement);
    // The loop must end for an invalid text too.
    at = skip(text, Math.max(statement.end, at + 1), /(?:\s|#[^\n]*)*/y);
  }
  return statements;
}

function skip(text: string, offset: number, pattern: RegExp): number {
  pattern.lastIndex = offset;
  return offset + (pattern.exec(text)?.[0].length ?? 0);
}

function readHeader(text: string, start: number): Statement {
  const isArray = text.startsWith("[[", start);
  const { path, end: keyEnd } = readKey(text, start + (isArray ? 2 : 1));
  const end = keyEnd + (isArray ? 2 : 1);
  return { kind: isArray ? "array-table" : "table", path, keyStart: start, start, end };
}

function readValue(text: string, keyStart: number, table: readonly string[]): Statement {
  const { path, end: keyEnd } = readKey(text, keyStart);
  const start = skip(text, keyEnd, /=?[ \t]*/y);
  return { kind: "value", path: [...table, ...path], keyStart, start, end: valueEnd(text, start) };
}

/** Reads a key: bare or quoted parts separated by dots. `end` is after the spaces that follow. */
function readKey(text: string, offset: number): { path: string[]; end: number } {
  const path: string[] = [];
  let at = offset;
  for (;;) {
    at = skip(text, at, /[ \t]*/y);
    const end = skip(text, at, /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w-]*/y);
    path.push(partOf(text.slice(at, end)));
    at = skip(text, end, /[ \t]*/y);
    if (text[at] !== ".") return { path, end: at };
    at++;
  }
}

function partOf(part: string): string {
  if (part.startsWith("'")) return part.slice(1, -1);
  if (!part.startsWith('"')) return part;
  try {
    return JSON.parse(part.replace(/\\U([\da-f]{8})/gi, (_, hex) => escapePoint(hex)));
  } catch {
    return part;
  }
}

/** Converts an escape of eight hexadecimal digits, which only TOML has, to JSON. */
function escapePoint(hex: string): string {
  return JSON.stringify(String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff))).slice(1, -1);
}

const stringPattern =
  /"""[^]*?(?<!\\)(?:\\\\)*"{3,5}|'''[^]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;

/** Returns the end of a value: of a string, of matching brackets, or before a comment or the end of the line. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  let end = start;
  while (at < text.length) {
    const next = skip(text, at, stringPattern);
    if (next > at) [at, end] = [next, next];
    else if (depth > 0 && text[at] === "#") at = skip(text, at, /[^\n]*/y);
    else if (depth === 0 && /[#\n\r]/.test(text[at] ?? "")) break;
    else {
      if (/[[{]/.test(text[at] ?? "")) depth++;
      if (/[\]}]/.test(text[at] ?? "")) depth--;
      at++;
      if (/\S/.test(text[at - 1] ?? "")) end = at;
    }
  }
  return end;
}
