import { FobError } from "../../errors.ts";

/** A key and its value on one line. */
export interface YamlEntry {
  /** The keys from the top level. */
  readonly path: readonly string[];
  readonly value: string;
  /** The offsets of the line with its ending, which must be deleted to remove the key. */
  readonly start: number;
  readonly end: number;
}

/** A mapping while it is read. */
interface Mapping {
  readonly path: readonly string[];
  /** The indentation of its key in columns; -1 for the document. */
  readonly indent: number;
  /** The indentation of its entries in columns, after the first one. */
  inner: number | undefined;
  /** Whether the key has a value on its line, so that no lines may be nested below it. */
  readonly isClosed: boolean;
  readonly keys: Set<string>;
}

/**
 * Reads a YAML document that contains only block mappings (YAML 1.2.2 section 8.2.2) with values on the line of
 * their key. In such a document a line can be removed without changing the others.
 *
 * @throws {FobError} `config_invalid` with the line for any other YAML.
 */
export function readYamlLines(text: string, path: string): YamlEntry[] {
  const root = { path: [], indent: -1, inner: undefined, isClosed: false, keys: new Set<string>() };
  const stack: Mapping[] = [root];
  const entries: YamlEntry[] = [];
  let number = 0;
  for (const { 0: raw, index: start } of text.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    number++;
    const body = raw.slice(raw.startsWith("\uFEFF") && start === 0 ? 1 : 0).replace(/\r?\n$/, "");
    if (/^[ \t]*(#|$)/.test(body) || isDocumentStart(body, stack)) continue;
    try {
      const entry = readLine(body, stack);
      if (entry !== undefined) entries.push({ ...entry, start, end: start + raw.length });
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      const message = `Cannot read "${path}": line ${number} ${cause.message}`;
      throw new FobError("config_invalid", message, { cause, facts: { path } });
    }
  }
  return entries;
}

function isDocumentStart(body: string, [root]: readonly Mapping[]): boolean {
  return /^---[ \t]*$/.test(body) && root?.inner === undefined;
}

/** Returns the entry of a line, if it has a value. Pushes the mapping that it opens to `stack`. */
function readLine(body: string, stack: Mapping[]): Pick<YamlEntry, "path" | "value"> | undefined {
  const line = /^( *)("[^"\\]*"|'[^']*'|\w(?:[^\s:#'"]|:(?! |$))*):(?:[ \t]+(.*))?$/.exec(body);
  if (line === null || /[\r\x85\u2028\u2029]/.test(body)) {
    throw new SyntaxError('is not a plain "key: value"');
  }
  const [, { length: indent } = "", written = "", rest = ""] = line;
  const key = written.replace(/^(["'])(.*)\1$/, "$2");
  const value = readScalar(rest);
  while ((stack.at(-1)?.indent ?? -1) >= indent) stack.pop();
  const parent = stack.at(-1);
  if (parent === undefined || parent.isClosed || (parent.inner ?? indent) !== indent) {
    throw new SyntaxError("has invalid indentation");
  }
  if (parent.keys.has(key)) throw new SyntaxError("repeats a key");
  parent.inner = indent;
  parent.keys.add(key);
  const path = [...parent.path, key];
  stack.push({ path, indent, inner: undefined, isClosed: value !== undefined, keys: new Set() });
  return value === undefined ? undefined : { path, value };
}

/** Returns the value after a key, or `undefined` if there is none. */
function readScalar(rest: string): string | undefined {
  const text = rest.trim();
  if (text === "" || text.startsWith("#")) return undefined;
  const quoted = /^(?:"([^"\\]*)"|'([^']*)')(?:[ \t]+#.*)?$/.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? "";
  const comment = text.search(/[ \t]#/);
  const plain = comment < 0 ? text : text.slice(0, comment).trimEnd();
  if (/^(\{\}|\[\]|~|null)$/i.test(plain)) return "";
  if (/^["'{}[\],&*!|>%@`]|^[-?:]([ \t]|$)|:([ \t]|$)/.test(plain)) {
    throw new SyntaxError(
      "has a value that is quoted, anchored or continued in a way fob cannot edit",
    );
  }
  return plain;
}
