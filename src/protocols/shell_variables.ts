import { FobError } from "../errors.ts";

/** The forms in which variables can be set. */
export const shells = ["bash", "fish", "powershell", "dotenv", "github"] as const;

export type Shell = typeof shells[number];

/**
 * Lines that set `variables` when `shell` reads them; values are taken literally, whatever is in them.
 *
 * @throws {FobError} `provider_answer_invalid` for a value with a line break or NUL, which not all of them
 * could be given, and which no token or address has.
 */
export function formatVariables(variables: Readonly<Record<string, string>>, shell: Shell): string {
  return Object.entries(variables).map(([name, value]) => {
    if (/[\r\n\0]/.test(value)) {
      throw new FobError("provider_answer_invalid", `${name} has a line break or NUL in it`);
    }
    return `${setters[shell](name, value)}\n`;
  }).join("");
}

const setters: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  bash: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  fish: (name, value) => `set -gx ${name} '${value.replaceAll(/['\\]/g, "\\$&")}'`,
  // PowerShell takes curly quotes for straight ones.
  powershell: (name, value) => `$env:${name} = '${value.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`,
  // Between single quotes nothing is special, and there is no way to write one.
  dotenv: (name, value) =>
    value.includes("'")
      ? `${name}="${value.replaceAll(/["\\$`]/g, "\\$&")}"`
      : `${name}='${value}'`,
  github: (name, value) => `${name}=${value}`,
};
