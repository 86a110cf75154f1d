/** A statement of a TOML text, and where it stands. */
export interface Statement {
  readonly kind: "value" | "table" | "array-table";
  /** The whole path: of a value, that of its table with its own key. */
  readonly path: readonly string[];
  /** Where the key or the header starts. */
  readonly keyStart: number;
  /** Where the value starts; of a header, where it does. */
  readonly start: number;
  /** Where the value or the header ends. */
  readonly end: number;
}

/** The statements of `text`, in order, where `text` is TOML: it is not checked. */
export function readStatements(text: string): Statement[] {
  const statements: Statement[] = [];
  let table: readonly string[] = [];
  let at = skip(text, 0, /(?:\s|#[^\n]*)*/y);
  while (at < text.length) {
    const statement = text[at] === "[" ? readHeader(text, at) : readValue(text, at, table);
    if (statement.kind !== "value") table = statement.path;
    statements.push(statement);
    // A text that is no TOML must not keep this from ending.
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

/** Parts with dots between them, each bare or in quotes. `end` is behind the spaces that follow. */
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

/** What TOML writes with eight digits, as JSON does with pairs of four. */
function escapePoint(hex: string): string {
  return JSON.stringify(String.fromCodePoint(Math.min(parseInt(hex, 16), 0x10ffff))).slice(1, -1);
}

const stringPattern =
  /"""[^]*?(?<!\\)(?:\\\\)*"{3,5}|'''[^]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;

/** Strings, and brackets with anything in between; else up to a comment, or the end of the line. */
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
