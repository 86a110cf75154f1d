import type { ConnectWish } from "../credentials/connection.ts";

/** The words by which a tool runs fob, for a protocol that says which host it asks for. */
export function helperWords(
  protocol: string,
  { fob, profile }: Pick<ConnectWish, "fob" | "profile">,
): readonly string[] {
  return [fob, "helper", protocol, ...profile === undefined ? [] : ["--profile", profile]];
}

/** `word` as a POSIX shell reads it back, in quotes where it needs them. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command as a POSIX shell reads it. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}
