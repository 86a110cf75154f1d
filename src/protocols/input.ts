import { FobError } from "../errors.ts";
import { type JsonObject, parseObject } from "../text/json_object.ts";

/** Characters; what tools say is a thousandth of that. */
const limit = 1_048_576;

/**
 * `text`, which a tool says.
 *
 * @throws {FobError} `usage` for what is longer than anything that a tool has to say.
 */
export function requireShort(text: string): string {
  if (text.length <= limit) return text;
  throw new FobError("usage", "The tool sent more than 1 MiB");
}

/**
 * The JSON object that `text` is. Where it says a thing twice the last one counts, and nothing reads it but this.
 *
 * @throws {FobError} `usage` for anything else, which the message does not quote: it may hold a secret.
 */
export function readObject(text: string): JsonObject {
  const value = parseObject(requireShort(text));
  if (value === undefined) {
    throw new FobError("usage", "The tool sent something other than a JSON object");
  }
  return value;
}

/** `value`, where it is a string that is not empty. */
export function stringIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The strings in `value`, where it is an array. */
export function stringsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((it) => typeof it === "string") : [];
}

/** `text` without the line break at its end. */
export function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}
