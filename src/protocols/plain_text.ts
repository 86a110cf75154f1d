import { FobError } from "../errors.ts";

/**
 * What neither a token nor a name has: control characters, which break lines and move cursors; the two
 * separators that some readers take for line breaks; and what stands for bytes that are no text.
 */
const unfit = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;

/** Whether `text` can be written on one line, and is read back as the same. */
export function isPlain(text: string): boolean {
  return !unfit.test(text);
}

/**
 * `text`, which a tool gave as `what`. Not even a carriage return is forgiven: tools disagree on whether
 * it ends a line.
 *
 * @throws {FobError} `usage` for text that is not plain.
 */
export function requirePlain(text: string, what: string): string {
  if (isPlain(text)) return text;
  throw new FobError("usage", `The ${what} has control characters in it, or is no text`);
}
