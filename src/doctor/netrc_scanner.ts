import { resolvePath } from "../text/home.ts";
import type { PlaintextScanner } from "./plaintext_scanner.ts";

/** The `.netrc` file that curl, ftp and others use, in the format of inetutils. */
export const netrc: PlaintextScanner = {
  tool: "netrc",
  paths: (environment) => {
    const named = environment.get("NETRC");
    // The second is the name of the file on Windows.
    return (named === undefined ? ["~/.netrc", "~/_netrc"] : [named])
      .map((path) => resolvePath(path, environment));
  },
  find: (text) => findPasswords(tokensOf(withoutMacros(text))),
};

/** Removes macros. A macro contains commands and ends at the next blank line. */
function withoutMacros(text: string): string {
  return text.replace(/(^|\s)macdef\s[^]*?(?:\r?\n[ \t]*(?=\r?\n)|$)/g, "$1");
}

/** Splits into words, which may be quoted. A line that begins with `#` is a comment. */
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
