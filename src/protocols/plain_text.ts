import { FobError } from "../errors.ts";

/**
 * Characters that no token or name contains: control characters, which break lines and move cursors; the two
 * separators that some readers treat as line breaks; and U+FFFD, the replacement for invalid bytes.
 */
const unfit = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;

/** Whether `text` fits on one line and reads back unchanged. */
export function isPlain(text: string): boolean {
  return !unfit.test(text);
}

/**
 * `text`, which a tool sent as `what`. A carriage return is refused too: tools disagree on whether it ends a
 * line.
 *
 * @throws {FobError} `usage` if it is not plain.
 */
export function requirePlain(text: string, what: string): string {
  if (isPlain(text)) return text;
  throw new FobError("usage", `The ${what} contains control characters or invalid text`);
}
