/** A command line up to the cursor, as a shell would read it. */
export interface Line {
  /** The words without their quotes; the last is the one at the cursor, empty after a blank. */
  readonly words: readonly string[];
  /** The quotation mark that is open at the cursor; empty if none is. */
  readonly quote: "" | "'" | '"';
}

/**
 * Splits `text` by the quoting rules of a POSIX shell (XCU section 2.2). Nothing is expanded: what would be
 * a variable or a command is text.
 */
export function splitLine(text: string): Line {
  const words: string[] = [];
  let word: string | undefined;
  let quote: Line["quote"] = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? "";
    const escapes = quote === "" || (quote === '"' && /["\\$`]/.test(text[at + 1] ?? ""));
    if (character === "\\" && escapes) {
      word = (word ?? "") + (text[++at] ?? "");
    } else if (quote === "" && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === "" && (character === "'" || character === '"')) {
      word ??= "";
      quote = character;
    } else if (character === quote) {
      quote = "";
    } else {
      word = (word ?? "") + character;
    }
  }
  return { words: [...words, word ?? ""], quote };
}

/** `word` as it has to be typed after `quote` for the shell to read it as it is. */
export function quoted(word: string, quote: Line["quote"]): string {
  if (quote === "'") return word.replaceAll("'", `'\\''`);
  if (quote === '"') return word.replaceAll(/["\\$`]/g, "\\$&");
  return word.replaceAll(/[^\p{L}\p{N}_@%+=:,./-]/gu, "\\$&");
}
