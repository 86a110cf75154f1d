/** What a terminal obeys, hides or reverses, and what some readers take for the end of a line. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * `text` on one line, for a message: runs of blanks and of characters that are not printable become one
 * space. Text of more than `limit` characters is cut and ends with "…".
 */
export function printable(text: string, limit = Infinity): string {
  // Four code units a character leave enough behind after the blanks are folded.
  const line = text.slice(0, 4 * limit).replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  if (line.length <= limit) return line;
  const characters = [...line];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join("")}…` : line;
}

/** Text that a server, a file or another program chose, for a message: at most 200 characters. */
export function foreignText(text: string): string {
  return printable(text, 200);
}

/** `text` with `by` for each character that is not printable. Blanks stay, so that columns keep their width. */
export function replaceUnprintable(
  text: string,
  by: (character: string) => string = () => " ",
): string {
  return text.replaceAll(unprintable, by);
}
