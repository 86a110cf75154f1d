import { FobError } from "../../errors.ts";

/** A string in a JSON text. */
export interface JsonString {
  /** The names and indexes from the top level. */
  readonly path: readonly string[];
  readonly value: string;
  /** The offsets of the text between its quotes. */
  readonly start: number;
  readonly end: number;
}

interface Container {
  readonly isObject: boolean;
  /** The name or index of the next value. */
  key: string;
  expectsName: boolean;
}

/** Returns every string in a text, with its offsets. The text must be JSON (RFC 8259); this is not checked. */
export function readJsonStrings(text: string): JsonString[] {
  const open: Container[] = [];
  const found: JsonString[] = [];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    const container = open.at(-1);
    if (token === "{" || token === "[") {
      const isObject = token === "{";
      open.push({ isObject, key: "0", expectsName: isObject });
    } else if (token === "}" || token === "]") open.pop();
    else if (token === ",") next(container);
    else if (token === ":") continue;
    else if (container?.expectsName) {
      container.key = JSON.parse(token);
      container.expectsName = false;
    } else {
      const path = open.map(({ key }) => key);
      const [start, end] = [index + 1, index + token.length - 1];
      found.push({ path, value: JSON.parse(token), start, end });
    }
  }
  return found;
}

function next(container: Container | undefined): void {
  if (container?.isObject) container.expectsName = true;
  else if (container !== undefined) container.key = String(Number(container.key) + 1);
}

/** A member of a JSON object, from its name to the end of its value. */
export interface JsonMember {
  readonly name: string;
  /** Offsets in the text. */
  readonly start: number;
  readonly end: number;
}

/** Returns the members of the object at `path`. The text must be JSON (RFC 8259); this is not checked. */
export function readJsonMembers(text: string, path: readonly string[]): JsonMember[] {
  const open: Container[] = [];
  const found: JsonMember[] = [];
  let member: { name: string; start: number } | undefined;
  const isInside = (): boolean =>
    open.length === path.length + 1 && path.every((name, i) => name === open[i]?.key);
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const container = open.at(-1);
    if (token === "," || token === ":") {
      if (token === ",") next(container);
      continue;
    }
    if (container?.expectsName && token !== "}") {
      container.key = JSON.parse(token);
      container.expectsName = false;
      if (isInside()) member = { name: container.key, start: index };
      continue;
    }
    if (token === "{" || token === "[") {
      const isObject = token === "{";
      open.push({ isObject, key: "0", expectsName: isObject });
      continue;
    }
    if (token === "}" || token === "]") open.pop();
    if (member === undefined || !isInside()) continue;
    found.push({ ...member, end: index + token.length });
    member = undefined;
  }
  return found;
}

/** @throws {FobError} `config_invalid` if the text of the file `path` is not JSON. */
export function assertJson(text: string, path: string): void {
  try {
    JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which contains secrets.
    throw new FobError("config_invalid", `Cannot read "${path}": it is not JSON`, {
      facts: { path },
    });
  }
}
