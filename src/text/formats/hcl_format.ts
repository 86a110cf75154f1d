import { FobError } from "../../errors.ts";
import { isObject } from "../json_object.ts";
import { type Json, type SettingsFormat, valueAt } from "./settings_format.ts";
import { lineEndingOf, splice } from "./splice.ts";

const type = "credentials_helper";

/**
 * The blocks `credentials_helper "NAME" { args = […] }` of Terraform's CLI configuration in HCL. A key is
 * `credentials_helper`, optionally followed by the name. Other text is skipped.
 */
export const hcl: SettingsFormat = {
  get: (text, key) => {
    const helpers = readHelpers(text).map((it) => [it.name, valueOf(it)] as const);
    return valueAt(helpers.length === 0 ? {} : { [type]: Object.fromEntries(helpers) }, key);
  },
  set: (text, key, value) => {
    const there = helperAt(text, key);
    // fob could not restore a block that it cannot write.
    if (there && typeof valueOf(there) === "string") {
      throw unfit(`fob cannot edit this form of ${type}`);
    }
    const block = writeBlock(key, value, lineEndingOf(text));
    return there === undefined ? append(text, block) : splice(text, there.start, there.end, block);
  },
  remove: (text, key) => {
    const there = helperAt(text, key);
    return there === undefined ? text : cut(text, there);
  },
};

interface Helper {
  readonly name: string;
  /** The text between the braces. */
  readonly body: string;
  readonly start: number;
  readonly end: number;
}

function unfit(why: string): FobError {
  return new FobError("config_invalid", why);
}

function helperAt(text: string, [, name]: readonly string[]): Helper | undefined {
  return readHelpers(text).findLast((it) => it.name === name);
}

/** Matches comments, here-documents, strings (with nested strings in `${…}`), words, and any other character. */
const tokenPattern =
  /\s+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/|<<-?(\w+)\r?\n(?:[^\n]*\n)*?[ \t]*\1(?=\r?\n|$)|"(?:\\.|\$\{[^}]*\}|[^"\\\n])*"|[\w.-]+|[^]/g;

interface Token {
  readonly text: string;
  readonly start: number;
}

function readTokens(text: string): Token[] {
  return text.matchAll(tokenPattern).map(({ 0: token, index }) => ({ text: token, start: index }))
    .filter((token) => !/^(\s|#|\/\/|\/\*)/.test(token.text)).toArray();
}

/** Returns the top-level blocks of the type. Throws `config_invalid` if the text is not HCL. */
function readHelpers(text: string): Helper[] {
  const tokens = readTokens(text);
  const helpers: Helper[] = [];
  for (let i = 0; i < tokens.length;) {
    const from = i;
    while (/^["\w]/.test(tokens[i]?.text ?? "")) i++;
    const opening = tokens[i]?.text;
    if (i === from || (opening !== "{" && opening !== "=")) throw unfit("it is not HCL");
    const end = opening === "=" ? skipValue(tokens, i + 1) : skipBrackets(tokens, i);
    const [first, label, open, close] = [...tokens.slice(from, from + 3), tokens[end - 1]];
    if (first?.text === type && label && open?.text === "{" && close) {
      const body = text.slice(open.start + 1, close.start);
      helpers.push({ name: parseName(label.text), body, start: first.start, end: close.start + 1 });
    }
    i = end;
  }
  return helpers;
}

/** Returns the index after the value that starts at `i`. */
function skipValue(tokens: readonly Token[], i: number): number {
  return /^[[{]$/.test(tokens[i]?.text ?? "") ? skipBrackets(tokens, i) : i + 1;
}

/** Returns the index after the bracket that closes the one at `i`. */
function skipBrackets(tokens: readonly Token[], i: number): number {
  let depth = 0;
  for (let at = i; at < tokens.length; at++) {
    const { text } = tokens[at] ?? { text: "" };
    if (/^[[{(]$/.test(text)) depth++;
    if (/^[\]})]$/.test(text)) depth--;
    if (depth === 0) return at + 1;
  }
  throw unfit("a bracket is not closed");
}

function parseName(label: string): string {
  try {
    return label.startsWith('"') ? JSON.parse(label) : label;
  } catch {
    return label;
  }
}

/** Returns the `args` of a block, or the text of a block with anything else. */
function valueOf({ body }: Helper): Json {
  const [isKnown, list] = /^\s*(?:args\s*=\s*(\[[^]*\]))?\s*$/.exec(body) ?? [];
  try {
    if (isKnown !== undefined) return list === undefined ? {} : { args: JSON.parse(list) };
  } catch {
    // The list is HCL but not JSON.
  }
  return body;
}

function writeBlock([outer, name, ...more]: readonly string[], value: Json, eol: string): string {
  if (outer !== type || name === undefined || more.length > 0 || !isObject(value)) {
    throw unfit(`fob writes only ${type} blocks`);
  }
  const { args, ...others } = value;
  if (Object.keys(others).length > 0) throw unfit(`fob writes only "args" in ${type}`);
  if (args === undefined) return `${type} ${JSON.stringify(name)} {}`;
  const list = `[${[args].flat().map((it) => JSON.stringify(it)).join(", ")}]`;
  // Terraform would evaluate these as templates.
  if (/[$%]\{/.test(list)) throw unfit("a value contains ${ or %{");
  return `${type} ${JSON.stringify(name)} {${eol}  args = ${list}${eol}}`;
}

/** Adds a block after an empty line. If the last line has no ending, the new one gets none. */
function append(text: string, block: string): string {
  const eol = lineEndingOf(text);
  if (text === "") return block + eol;
  return text.endsWith("\n") ? text + eol + block + eol : text + eol + eol + block;
}

function cut(text: string, { start, end }: Helper): string {
  const isAlone = (text.lastIndexOf("\n", start - 1) + 1) === start;
  if (!isAlone) return splice(text, start, end, "");
  const next = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0] ?? "";
  const before = text.slice(0, start).replace(/(^|\n)\r?\n$/, "$1");
  const isLast = end + next.length === text.length && !text.endsWith("\n");
  return (isLast ? before.replace(/\r?\n$/, "") : before) + text.slice(end + next.length);
}
