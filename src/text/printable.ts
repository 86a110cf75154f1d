/** Control, format and unassigned characters, and the Unicode line and paragraph separators. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Returns `text` on one line, for a message. Replaces each run of blanks and unprintable characters by one space.
 * Cuts text longer than `limit` characters and ends it with "…".
 */
export function printable(text: string, limit = Infinity): string {
  // Bounds the work: four code units for each character are enough after blanks are folded.
  const line = text.slice(0, 4 * limit).replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  if (line.length <= limit) return line;
  const characters = [...line];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join("")}…` : line;
}

/** Formats text from a server, a file or another program for a message: at most 200 characters. */
export function foreignText(text: string): string {
  return printable(text, 200);
}

/** Replaces each unprintable character of `text` by `by`. Keeps blanks, so that columns keep their width. */
export function replaceUnprintable(
  text: string,
  by: (character: string) => string = () => " ",
): string {
  return text.replaceAll(unprintable, by);
}
