/** What a POSIX shell takes as it is. A `=` at the start is zsh's: it looks for a program of that name. */
const plain = /^(?!=)[A-Za-z0-9_@%+=:,./-]+$/;

/** What PowerShell takes as it is: `@`, `%`, `,` and `=` have a meaning there. */
const plainInPowerShell = /^[A-Za-z0-9_+:./\\-]+$/;

/** `word` as a POSIX shell takes it for one word and expands nothing of it (XCU section 2.2.2). */
function posixWord(word: string): string {
  return plain.test(word) ? word : posixQuoted(word);
}

/** The same, always in quotes: for the value of a variable. */
export function posixQuoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `word` in quotes for PowerShell, which takes curly quotes for straight ones. */
export function powerShellQuoted(word: string): string {
  return `'${word.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`;
}

/** `word` in a command for a person to paste: into PowerShell on Windows, into a POSIX shell elsewhere. */
export function pastedWord(word: string, isWindows = Deno.build.os === "windows"): string {
  if (!isWindows) return posixWord(word);
  return plainInPowerShell.test(word) ? word : powerShellQuoted(word);
}

/** Words as a person would type them in a POSIX shell. */
export function posixLine(words: readonly string[]): string {
  return words.map(posixWord).join(" ");
}

/**
 * The line by which another program's shell runs `words[0]` with the arguments that follow. On Windows both
 * `cmd` and a POSIX shell must read it, so that paths have slashes and what is in quotes is taken as it is.
 */
export function commandLine(words: readonly string[], isWindows: boolean): string {
  if (!isWindows) return posixLine(words);
  return words.map((word) => word.replaceAll("\\", "/"))
    .map((word) => plain.test(word) ? word : `"${word}"`).join(" ");
}
