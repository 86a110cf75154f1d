/** A JSON object with unchecked values. */
export type JsonObject = { readonly [name: string]: unknown };

/** Whether `value` is a JSON object. An array and `null` are not. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns `value` if it is a JSON object, otherwise an empty object. For optional members. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/**
 * Returns the JSON object in `text`, or `undefined` for any other text. Discards the parser's message: it quotes the
 * text, which may contain a secret.
 */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
