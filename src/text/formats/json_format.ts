import { FobError } from "../../errors.ts";
import { isObject } from "../json_object.ts";
import { type JsonMember, readJsonMembers } from "./json_spans.ts";
import { type Json, type SettingsFormat, valueAt } from "./settings_format.ts";
import { lineEndingOf, splice } from "./splice.ts";

/** JSON (RFC 8259), whose top level is an object. */
export const json: SettingsFormat = {
  get: (text, key) => text.trim() === "" ? undefined : valueAt(read(text, key), key),
  set: (text, key, value) => {
    const start = text.trim() === "" ? `{${lineEndingOf(text)}}${lineEndingOf(text)}` : text;
    return set(start, read(start, key), key, value);
  },
  remove: (text, key) => {
    if (valueAt(read(text, key), key) === undefined) throw unfit(`"${key.join(".")}" is not in it`);
    return remove(text, key);
  },
};

/** What `text` means, where each name of `key` is in its object once. */
function read(text: string, key: readonly string[]): Json {
  const value = parse(text);
  if (!isObject(value)) throw unfit("it is not a JSON object");
  for (const [depth, name] of key.entries()) {
    const members = readJsonMembers(text, key.slice(0, depth));
    // Readers take the last of two, or the first.
    if (members.filter((it) => it.name === name).length > 1) {
      throw unfit(`"${name}" is in it twice`);
    }
  }
  return value;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message would quote the text.
    throw unfit("it is not JSON, which has no comments and no trailing commas");
  }
}

function unfit(why: string): FobError {
  return new FobError("config_invalid", why);
}

/** Replaces the value of `key`, or adds a member to the innermost object on the way to it that is there. */
function set(text: string, root: Json, key: readonly string[], value: Json): string {
  const missing = key.findIndex((_, i) => valueAt(root, key.slice(0, i + 1)) === undefined);
  const outer = missing < 0 ? key.slice(0, -1) : key.slice(0, missing);
  if (!isObject(valueAt(root, outer))) throw unfit(`"${outer.at(-1)}" in it is no object`);
  const object = objectAt(text, outer);
  const layout = layoutOf(text, object);
  if (missing >= 0) {
    const inner = key.slice(missing + 1).reduceRight((it, name): Json => ({ [name]: it }), value);
    return add(text, object, layout, key[missing] ?? "", inner);
  }
  const { start, end } = valuePlace(text, key);
  return splice(text, start, end, format(value, layout));
}

/** Offsets in a text. */
interface Place {
  readonly start: number;
  readonly end: number;
}

interface ObjectPlace extends Place {
  readonly members: readonly JsonMember[];
}

function objectAt(text: string, key: readonly string[]): ObjectPlace {
  return { ...valuePlace(text, key), members: readJsonMembers(text, key) };
}

/** Where the value of `key` stands, which is there. */
function valuePlace(text: string, key: readonly string[]): Place {
  if (key.length === 0) return { start: text.indexOf("{"), end: text.lastIndexOf("}") + 1 };
  const member = readJsonMembers(text, key.slice(0, -1)).find((it) => it.name === key.at(-1));
  const { start, end } = member ?? { start: 0, end: 0 };
  const [head = ""] = /^"(?:[^"\\]|\\.)*"\s*:\s*/.exec(text.slice(start, end)) ?? [];
  return { start: start + head.length, end };
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

function layoutOf(text: string, { start, end, members }: ObjectPlace): Layout {
  const [first, last] = [members[0], members.at(-1)];
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  const between = /^"(?:[^"\\]|\\.)*"([ \t]*:[ \t]*)\S/.exec(text.slice(last?.start, last?.end));
  const colon = last === undefined ? ": " : between?.[1] ?? ": ";
  if (!text.slice(start, first?.start ?? end).includes("\n")) {
    return { gap: last !== undefined && colon.endsWith(" ") ? " " : "", unit, colon };
  }
  const indent = first === undefined ? indentOf(text, start) + unit : indentOf(text, first.start);
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

/** A new member goes behind the last one. */
function add(
  text: string,
  { start, members }: ObjectPlace,
  layout: Layout,
  name: string,
  value: Json,
): string {
  const member = layout.gap + JSON.stringify(name) + layout.colon + format(value, layout);
  const last = members.at(-1);
  return last === undefined
    ? splice(text, start + 1, start + 1, member)
    : splice(text, last.end, last.end, `,${member}`);
}

/** A member goes with the comma before it; the first one with the comma behind it. */
function remove(text: string, key: readonly string[]): string {
  const { start, members } = objectAt(text, key.slice(0, -1));
  const at = members.findIndex((it) => it.name === key.at(-1));
  const [before, own, next] = [members[at - 1], members[at], members[at + 1]];
  const from = before === undefined ? start + 1 : text.indexOf(",", before.end);
  const isFirst = before === undefined && next !== undefined;
  const end = own?.end ?? from;
  return splice(text, from, isFirst ? text.indexOf(",", end) + 1 : end, "");
}
