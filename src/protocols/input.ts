import { FobError } from "../errors.ts";
import { type JsonObject, parseObject } from "../text/json_object.ts";

/** Maximum length of input in characters; tools send about a thousandth of it. */
const limit = 1_048_576;

/**
 * `text`, the input from a tool.
 *
 * @throws {FobError} `usage` if `text` is too long.
 */
export function requireShort(text: string): string {
  if (text.length <= limit) return text;
  throw new FobError("usage", "The input is longer than 1 MiB");
}

/**
 * The JSON object in `text`. The last of repeated members counts.
 *
 * @throws {FobError} `usage` otherwise. The message does not quote the text, which may contain a secret.
 */
export function readObject(text: string): JsonObject {
  const value = parseObject(requireShort(text));
  if (value === undefined) {
    throw new FobError("usage", "The input is not a JSON object");
  }
  return value;
}

/** `value` if it is a string that is not empty. */
export function stringIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The strings in `value` if it is an array. */
export function stringsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((it) => typeof it === "string") : [];
}

/** `text` without the line break at its end. */
export function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}
