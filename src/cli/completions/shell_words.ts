/** A command line up to the cursor, split as a shell would. */
export interface Line {
  /** The words without quotes. The last is the word at the cursor, empty after a blank. */
  readonly words: readonly string[];
  /** The quotation mark that is open at the cursor, or empty. */
  readonly quote: "" | "'" | '"';
}

/**
 * Splits `text` by the quoting rules of a POSIX shell (XCU section 2.2). Variables and commands are not
 * expanded.
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

/** `word` with the escapes that the shell needs after `quote`. */
export function quoted(word: string, quote: Line["quote"]): string {
  if (quote === "'") return word.replaceAll("'", `'\\''`);
  if (quote === '"') return word.replaceAll(/["\\$`]/g, "\\$&");
  return word.replaceAll(/[^\p{L}\p{N}_@%+=:,./-]/gu, "\\$&");
}
