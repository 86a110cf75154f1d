import { FobError } from "../../errors.ts";
import { isObject } from "../json_object.ts";
import type { Json, SettingsFormat } from "./settings_format.ts";
import { lineEndingOf, splice } from "./splice.ts";

/**
 * Blocks with one label in HCL, as Terraform's CLI configuration has them: `credentials_helper "fob" { … }`.
 * A key is the type, or the type and the label; a value is an object of strings and lists of strings.
 */
export const hcl: SettingsFormat = {
  get: (text, key) => valueAt(readBlocks(text), key),
  set: (text, key, value) => {
    const [type = "", label = "", ...more] = key;
    if (more.length > 0 || !isObject(value)) {
      throw unfit("only whole blocks are written");
    }
    const there = readBlocks(text).find((it) => it.type === type && it.label === label);
    const block = writeBlock(type, label, value, lineEndingOf(text));
    return there === undefined ? append(text, block) : splice(text, there.start, there.end, block);
  },
  remove: (text, [type, label]) => {
    const there = readBlocks(text).find((it) => it.type === type && it.label === label);
    return there === undefined ? text : cut(text, there);
  },
};

type Attributes = Readonly<Record<string, Json>>;

interface Block {
  readonly type: string;
  readonly label: string;
  readonly attributes: Attributes;
  readonly start: number;
  readonly end: number;
}

function unfit(why: string): FobError {
  return new FobError("config_invalid", why);
}

function valueAt(
  blocks: readonly Block[],
  [type, label, ...more]: readonly string[],
): Json | undefined {
  const found = blocks.filter((it) => type === undefined || it.type === type);
  if (label === undefined) {
    const types = Object.groupBy(found, (it) => it.type);
    const all = Object.entries(types).map(([name, them = []]) =>
      [name, Object.fromEntries(them.map((it) => [it.label, it.attributes]))] as const
    );
    return type === undefined ? Object.fromEntries(all) : all[0]?.[1];
  }
  const block = found.findLast((it) => it.label === label);
  return more.reduce<Json | undefined>(
    (at, name) => (at as Attributes | undefined)?.[name],
    block?.attributes,
  );
}

/** Comments, strings (which may have more strings in `${…}`), here-documents, brackets, words, the rest. */
const tokenPattern =
  /\s+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/|<<-?(\w+)\r?\n(?:[^\n]*\n)*?[ \t]*\1(?=\r?\n|$)|"(?:\\.|\$\{[^}]*\}|[^"\\\n])*"|[\w.-]+|[^]/y;

interface Token {
  readonly text: string;
  readonly start: number;
}

function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(tokenPattern);
  for (let start = 0; start < text.length; start = pattern.lastIndex) {
    pattern.lastIndex = start;
    const [token = ""] = pattern.exec(text) ?? [];
    if (!/^(\s|#|\/\/|\/\*)/.test(token)) tokens.push({ text: token, start });
  }
  return tokens;
}

/** The blocks at the outside. `config_invalid` for what is no such text. */
function readBlocks(text: string): Block[] {
  const tokens = readTokens(text);
  const blocks: Block[] = [];
  for (let i = 0; i < tokens.length;) {
    const from = i;
    while (i < tokens.length && /^["\w]/.test(tokens[i]?.text ?? "")) i++;
    const opening = tokens[i]?.text;
    if (i === from || (opening !== "{" && opening !== "=")) throw unfit("it is not HCL");
    if (opening === "=") {
      i = skipValue(tokens, i + 1);
      continue;
    }
    const close = skipBrackets(tokens, i);
    const [type, label] = [tokens[from], i === from + 2 ? tokens[from + 1] : undefined];
    blocks.push({
      type: type?.text ?? "",
      label: label === undefined ? "" : unquoted(label.text),
      attributes: readAttributes(text, tokens.slice(i + 1, close - 1)),
      start: type?.start ?? 0,
      end: (tokens[close - 1]?.start ?? 0) + 1,
    });
    i = close;
  }
  return blocks;
}

/** The index behind the value that starts at `i`. */
function skipValue(tokens: readonly Token[], i: number): number {
  return /^[[{]$/.test(tokens[i]?.text ?? "") ? skipBrackets(tokens, i) : i + 1;
}

/** The index behind the bracket that closes the one at `i`. */
function skipBrackets(tokens: readonly Token[], i: number): number {
  let depth = 0;
  for (let at = i; at < tokens.length; at++) {
    const { text } = tokens[at] ?? { text: "" };
    if (/^[[{(]$/.test(text)) depth++;
    if (/^[\]})]$/.test(text)) depth--;
    if (depth === 0) return at + 1;
  }
  throw unfit("a bracket in it is not closed");
}

/** What is neither a string nor a list of strings is taken as it is written. */
function readAttributes(text: string, tokens: readonly Token[]): Attributes {
  const found: Record<string, Json> = {};
  for (let i = 0; i < tokens.length;) {
    const name = unquoted(tokens[i]?.text ?? "");
    const start = i + (tokens[i + 1]?.text === "=" ? 2 : 1);
    const end = skipValue(tokens, start);
    const last = tokens[end - 1];
    const written = text.slice(tokens[start]?.start, (last?.start ?? 0) + (last?.text.length ?? 0));
    found[name] = parseValue(written);
    i = Math.max(end, i + 1);
  }
  return found;
}

function parseValue(written: string): Json {
  try {
    return JSON.parse(written.replace(/,\s*\]$/, "]"));
  } catch {
    return written;
  }
}

function unquoted(token: string): string {
  return token.startsWith('"') ? String(parseValue(token)) : token;
}

function writeBlock(type: string, label: string, attributes: Attributes, eol: string): string {
  const lines = Object.entries(attributes).map(([name, value]) =>
    `  ${name} = ${written(value)}${eol}`
  );
  const body = lines.length === 0 ? "" : eol + lines.join("");
  return `${type} ${JSON.stringify(label)} {${body}}`;
}

function written(value: Json): string {
  // Terraform would take these for its own.
  if (/[$%]\{/.test(JSON.stringify(value))) throw unfit("a value has ${ or %{ in it");
  return Array.isArray(value)
    ? `[${value.map((it) => JSON.stringify(it)).join(", ")}]`
    : JSON.stringify(value);
}

/** Behind an empty line. A text whose last line has no ending keeps it so. */
function append(text: string, block: string): string {
  const eol = lineEndingOf(text);
  if (text === "") return block + eol;
  return text.endsWith("\n") ? text + eol + block + eol : text + eol + eol + block;
}

function cut(text: string, { start, end }: Block): string {
  const isAlone = (text.lastIndexOf("\n", start - 1) + 1) === start;
  if (!isAlone) return splice(text, start, end, "");
  const next = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0] ?? "";
  const before = text.slice(0, start).replace(/(^|\n)\r?\n$/, "$1");
  const isLast = end + next.length === text.length && !text.endsWith("\n");
  return (isLast ? before.replace(/\r?\n$/, "") : before) + text.slice(end + next.length);
}
