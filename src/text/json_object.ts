/** An object of JSON, whose values have not been checked. */
export type JsonObject = { readonly [name: string]: unknown };

/** Whether `value` is an object of JSON. A list and `null` are not. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `value` if it is an object of JSON, an empty object if not: for optional members. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/**
 * The JSON object in `text`; `undefined` for any other text. Callers write the error themselves, because the
 * parser's own message quotes the text, which may hold a secret.
 */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
