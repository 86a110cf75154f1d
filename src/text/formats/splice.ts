/** Replaces the part of `text` from `start` to `end`, exclusive, by `inserted`. */
export function splice(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}

/** Returns the line ending of the first line of `text`. */
export function lineEndingOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}
