import { getNodeValue, type Node, type ParseError, parseTree } from "jsonc-parser";
import { FobError } from "../../errors.ts";
import type { Json, SettingsFormat } from "./settings_format.ts";
import { lineEndingOf, splice } from "./splice.ts";

/** JSON (RFC 8259): for tools that take no other. */
export const json: SettingsFormat = jsonFormat(true);

/** JSON with comments and trailing commas. */
export const jsonc: SettingsFormat = jsonFormat(false);

/*
 * The library tells where everything stands. Its own edits are not used: they format every line that they
 * touch anew, or put everything on one.
 */
function jsonFormat(isStrict: boolean): SettingsFormat {
  return {
    get: (text, key) => {
      const node = text.trim() === "" ? undefined : find(read(text, isStrict), key);
      return node === undefined ? undefined : getNodeValue(node);
    },
    set: (text, key, value) => {
      const start = text.trim() === "" ? `{${lineEndingOf(text)}}${lineEndingOf(text)}` : text;
      const after = set(start, read(start, isStrict), key, value);
      read(after, isStrict);
      return after;
    },
    remove: (text, key) => {
      const after = remove(text, read(text, isStrict), key);
      read(after, isStrict);
      return after;
    },
  };
}

/** What stands in `text`. */
function read(text: string, isStrict: boolean): Node {
  if (isStrict) assertStrict(text);
  const root = parse(text);
  if (root === undefined) throw unfit("it is not JSON");
  if (root.type !== "object") throw unfit("it is not a JSON object");
  return root;
}

function parse(text: string): Node | undefined {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { allowTrailingComma: true });
    return errors.length > 0 ? undefined : root;
  } catch (error) {
    // Brackets in brackets are read by functions that call themselves.
    if (error instanceof RangeError) throw unfit("it is nested too deeply");
    throw error;
  }
}

function assertStrict(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    // The parser's own message would quote the text.
    throw unfit("it is not JSON, which has no comments and no trailing commas");
  }
}

function unfit(why: string): FobError {
  return new FobError("config_invalid", why);
}

/** The member of an object by its name, as the tree has it: the name, then the value. */
function memberOf(object: Node, name: string): Node | undefined {
  const members = (object.children ?? []).filter((it) => it.children?.[0]?.value === name);
  // Readers take the last of two, or the first.
  if (members.length > 1) throw unfit(`"${name}" is in it twice`);
  return members[0];
}

function find(node: Node, key: readonly string[]): Node | undefined {
  let at: Node | undefined = node;
  for (const name of key) {
    if (at?.type !== "object") return undefined;
    at = memberOf(at, name)?.children?.[1];
  }
  return at;
}

function set(text: string, object: Node, key: readonly string[], value: Json): string {
  const [name = "", ...rest] = key;
  const there = memberOf(object, name)?.children?.[1];
  if (there === undefined) return add(text, object, name, wrap(rest, value));
  if (rest.length > 0) {
    if (there.type !== "object") throw unfit(`"${name}" in it is no object`);
    return set(text, there, rest, value);
  }
  const end = there.offset + there.length;
  return splice(text, there.offset, end, format(value, layoutAt(text, object)));
}

function wrap(key: readonly string[], value: Json): Json {
  return key.reduceRight<Json>((inner, name) => ({ [name]: inner }), value);
}

/** How the members of an object are laid out: all in a line, or each in its own. */
interface Layout {
  /** What comes before a member; without a line ending where all are in a line. */
  readonly gap: string;
  /** What one more level of indentation is. */
  readonly unit: string;
  /** What stands between a name and its value. */
  readonly colon: string;
}

function layoutAt(text: string, object: Node): Layout {
  const members = object.children ?? [];
  const last = members.at(-1);
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  const open = object.offset + 1;
  const [key, value] = last?.children ?? [];
  const between = key && value && text.slice(key.offset + key.length, value.offset);
  const colon = between !== undefined && /^[ \t]*:[ \t]*$/.test(between) ? between : ": ";
  const first = text.slice(open, members[0]?.offset ?? object.offset + object.length - 1);
  if (!first.includes("\n")) {
    return { gap: last !== undefined && colon.endsWith(" ") ? " " : "", unit, colon };
  }
  const indent = members[0] === undefined
    ? indentOf(text, object.offset) + unit
    : indentOf(text, members[0].offset);
  return { gap: lineEndingOf(text) + indent, unit, colon };
}

/** What the line at `offset` begins with. */
function indentOf(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

function format(value: Json, { gap, unit }: Layout): string {
  if (!gap.includes("\n")) return JSON.stringify(value);
  return JSON.stringify(value, undefined, unit).replaceAll("\n", gap);
}

/** A new member goes behind the last one, and behind the comments that follow that. */
function add(text: string, object: Node, name: string, value: Json): string {
  const layout = layoutAt(text, object);
  const member = JSON.stringify(name) + layout.colon + format(value, layout);
  const last = object.children?.at(-1);
  if (last === undefined) {
    const at = afterComments(text, object.offset + 1);
    return splice(text, at, at, layout.gap + member);
  }
  const end = last.offset + last.length;
  const comma = commaAfter(text, end);
  const at = afterComments(text, comma ?? end);
  const trailing = comma === undefined ? "" : ",";
  const added = splice(text, at, at, gapBehind(text.slice(end, at), layout) + member + trailing);
  return comma === undefined ? splice(added, end, end, ",") : added;
}

/** A comment may go on until its line ends. */
function gapBehind(before: string, { gap }: Layout): string {
  return before.includes("//") && !gap.includes("\n") ? `${lineEndingOf(before)}${gap}` : gap;
}

/** What `add` puts there is taken away again; in the middle, a member goes with the comma behind it. */
function remove(text: string, root: Node, key: readonly string[]): string {
  const object = find(root, key.slice(0, -1));
  const name = key.at(-1) ?? "";
  const member = object && memberOf(object, name);
  if (object === undefined || member === undefined) throw unfit(`"${name}" is not in it`);
  const members = object.children ?? [];
  const before = members[members.indexOf(member) - 1];
  const end = member.offset + member.length;
  const own = commaAfter(text, end);
  const comma = before && commaAfter(text, before.offset + before.length);
  const start = afterComments(text, comma ?? object.offset + 1);
  const isLast = members.at(-1) === member;
  const cut = splice(text, start, own ?? end, "");
  return comma === undefined || !isLast || own !== undefined
    ? cut
    : splice(cut, comma - 1, comma, "");
}

/** The offset behind the comma that follows `offset`, with comments in between. */
function commaAfter(text: string, offset: number): number | undefined {
  const at = offset + trivia(text, offset).length;
  return text[at] === "," ? at + 1 : undefined;
}

/** The offset behind the last comment that follows `offset`; without any, `offset` itself. */
function afterComments(text: string, offset: number): number {
  return offset + trivia(text, offset).trimEnd().length;
}

/** White space and comments from `offset` on. */
function trivia(text: string, offset: number): string {
  const pattern = /(?:\s|\/\/[^\r\n]*|\/\*[^]*?\*\/)*/y;
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? "";
}
