/** What a shell needs no quotes for. */
const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * The line by which a shell runs the program `words[0]` with the arguments that follow. On Windows both `cmd`
 * and a POSIX shell have to read it, so that paths have slashes and what is in quotes is taken as it is.
 */
export function commandLine(words: readonly string[], isWindows: boolean): string {
  return words.map((word) => quote(word, isWindows)).join(" ");
}

function quote(word: string, isWindows: boolean): string {
  if (isWindows) {
    const path = word.replaceAll("\\", "/");
    return plain.test(path) ? path : `"${path}"`;
  }
  return plain.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
