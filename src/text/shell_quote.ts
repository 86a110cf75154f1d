/** A word that needs no quotes in a POSIX shell. zsh expands `=` at the start to the path of a program. */
const plain = /^(?!=)[A-Za-z0-9_@%+=:,./-]+$/;

/** A word that needs no quotes in PowerShell, where `@`, `%`, `,` and `=` are special. */
const plainInPowerShell = /^[A-Za-z0-9_+:./\\-]+$/;

/** Quotes `word` for a POSIX shell if needed (XCU section 2.2.2). */
function posixWord(word: string): string {
  return plain.test(word) ? word : posixQuoted(word);
}

/** Always quotes `word` for a POSIX shell: for the value of a variable. */
export function posixQuoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Quotes `word` for PowerShell, which treats curly quotes like straight ones. */
export function powerShellQuoted(word: string): string {
  return `'${word.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`;
}

/** Quotes `word` in a command for users to paste: for PowerShell on Windows, for a POSIX shell elsewhere. */
export function pastedWord(word: string, isWindows = Deno.build.os === "windows"): string {
  if (!isWindows) return posixWord(word);
  return plainInPowerShell.test(word) ? word : powerShellQuoted(word);
}

/** Joins words to a command line of a POSIX shell. */
export function posixLine(words: readonly string[]): string {
  return words.map(posixWord).join(" ");
}

/**
 * Returns the command line with which another program's shell runs `words[0]` with the other words as arguments. On
 * Windows it must work in `cmd` and in a POSIX shell, so paths have slashes, and quoted text is literal.
 */
export function commandLine(words: readonly string[], isWindows: boolean): string {
  if (!isWindows) return posixLine(words);
  return words.map((word) => word.replaceAll("\\", "/"))
    .map((word) => plain.test(word) ? word : `"${word}"`).join(" ");
}
