import { FobError } from "../../errors.ts";
import { isObject } from "../json_object.ts";
import { type JsonMember, readJsonMembers } from "./json_spans.ts";
import { type Json, type SettingsFormat, valueAt } from "./settings_format.ts";
import { lineEndingOf, splice } from "./splice.ts";

/** JSON (RFC 8259) with an object at the top level. */
export const json: SettingsFormat = {
  get: (text, key) => text.trim() === "" ? undefined : valueAt(read(text, key), key),
  set: (text, key, value) => {
    const start = text.trim() === "" ? `{${lineEndingOf(text)}}${lineEndingOf(text)}` : text;
    return set(start, read(start, key), key, value);
  },
  remove: (text, key) => {
    if (valueAt(read(text, key), key) === undefined) throw unfit(`"${key.join(".")}" not found`);
    return remove(text, key);
  },
};

/** Parses `text`. Each name of `key` must occur only once in its object. */
function read(text: string, key: readonly string[]): Json {
  const value = parse(text);
  if (!isObject(value)) throw unfit("it is not a JSON object");
  for (const [depth, name] of key.entries()) {
    const members = readJsonMembers(text, key.slice(0, depth));
    // Some readers use the first of two members, others the last.
    if (members.filter((it) => it.name === name).length > 1) {
      throw unfit(`"${name}" occurs twice`);
    }
  }
  return value;
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    throw unfit("it is not JSON (comments and trailing commas are not allowed)");
  }
}

function unfit(why: string): FobError {
  return new FobError("config_invalid", why);
}

/** Replaces the value of `key`, or adds a member to the innermost existing object on its path. */
function set(text: string, root: Json, key: readonly string[], value: Json): string {
  const missing = key.findIndex((_, i) => valueAt(root, key.slice(0, i + 1)) === undefined);
  const outer = missing < 0 ? key.slice(0, -1) : key.slice(0, missing);
  if (!isObject(valueAt(root, outer))) throw unfit(`"${outer.at(-1)}" is not an object`);
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

/** Returns the offsets of the value of `key`, which must exist. */
function valuePlace(text: string, key: readonly string[]): Place {
  if (key.length === 0) return { start: text.indexOf("{"), end: text.lastIndexOf("}") + 1 };
  const member = readJsonMembers(text, key.slice(0, -1)).find((it) => it.name === key.at(-1));
  const { start, end } = member ?? { start: 0, end: 0 };
  const [head = ""] = /^"(?:[^"\\]|\\.)*"\s*:\s*/.exec(text.slice(start, end)) ?? [];
  return { start: start + head.length, end };
}

/** The layout of the members of an object: all on one line, or one per line. */
interface Layout {
  /** The text before a member. Has no line ending if all members are on one line. */
  readonly gap: string;
  /** One level of indentation. */
  readonly unit: string;
  /** The text between a name and its value. */
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

/** Returns the indentation of the line at `offset`. */
function indentOf(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

function format(value: Json, { gap, unit }: Layout): string {
  if (!gap.includes("\n")) return JSON.stringify(value);
  return JSON.stringify(value, undefined, unit).replaceAll("\n", gap);
}

/** Adds a member after the last one. */
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

/** Removes a member with the comma before it, or the first member with the comma after it. */
function remove(text: string, key: readonly string[]): string {
  const { start, members } = objectAt(text, key.slice(0, -1));
  const at = members.findIndex((it) => it.name === key.at(-1));
  const [before, own, next] = [members[at - 1], members[at], members[at + 1]];
  const from = before === undefined ? start + 1 : text.indexOf(",", before.end);
  const isFirst = before === undefined && next !== undefined;
  const end = own?.end ?? from;
  return splice(text, from, isFirst ? text.indexOf(",", end) + 1 : end, "");
}
