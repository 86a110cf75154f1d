import { resolvePath } from "../text/home.ts";
import type { PlaintextScanner } from "./plaintext_scanner.ts";

/** What curl, ftp and many others sign in with: the .netrc format of inetutils. */
export const netrc: PlaintextScanner = {
  tool: "netrc",
  paths: (environment) => {
    const named = environment.get("NETRC");
    // The second is what the file is called on Windows.
    return (named === undefined ? ["~/.netrc", "~/_netrc"] : [named])
      .map((path) => resolvePath(path, environment));
  },
  find: (text) => findPasswords(tokensOf(withoutMacros(text))),
};

/** A macro goes from its name to the next blank line, and holds commands. */
function withoutMacros(text: string): string {
  return text.replace(/(^|\s)macdef\s[^]*?(?:\r?\n[ \t]*(?=\r?\n)|$)/g, "$1");
}

/** Words, with or without quotes; a line that begins with `#` is a comment. */
function tokensOf(text: string): string[] {
  const words = text.replace(/^[ \t]*#.*$/gm, "").matchAll(/"((?:[^"\\\n]|\\.)*)"|\S+/g);
  return words.map(([word, quoted]) => quoted ?? word).toArray();
}

function findPasswords(tokens: readonly string[]): string[] {
  const machines: string[] = [];
  let machine = "default";
  for (let i = 0; i < tokens.length; i++) {
    const [word, value = ""] = [tokens[i], tokens[i + 1]];
    if (word === "default") machine = "default";
    else if (word === "machine" || word === "login" || word === "account" || word === "password") {
      if (word === "machine") machine = value;
      if (word === "password" && value !== "") machines.push(machine);
      i++;
    }
  }
  return machines;
}
