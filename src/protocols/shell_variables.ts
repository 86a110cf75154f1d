import { FobError } from "../errors.ts";
import { posixQuoted, powerShellQuoted } from "../text/shell_quote.ts";

/** The output formats for variables. */
export const shells = ["bash", "fish", "powershell", "dotenv", "github"] as const;

export type Shell = typeof shells[number];

/** The changes to an environment. */
export interface Variables {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

/**
 * Lines that change the variables when `shell` reads them. Lines that unset a variable come first. Values are
 * literal. dotenv and GitHub cannot unset a variable, so it is set to an empty value.
 *
 * @throws {FobError} `provider_answer_invalid` for a value with a line break or NUL: not every format supports
 * it, and no token or URL contains one.
 */
export function formatVariables({ set, unset }: Variables, shell: Shell): string {
  const { setter, unsetter } = forms[shell];
  const setting = Object.entries(set).map(([name, value]) => {
    if (/[\r\n\0]/.test(value)) {
      throw new FobError("provider_answer_invalid", `${name} contains a line break or NUL`, {
        facts: { credential: "invalid" },
      });
    }
    return setter(name, value);
  });
  return [...unset.map(unsetter), ...setting].map((line) => `${line}\n`).join("");
}

interface Form {
  readonly setter: (name: string, value: string) => string;
  readonly unsetter: (name: string) => string;
}

const forms: Readonly<Record<Shell, Form>> = {
  bash: {
    setter: (name, value) => `export ${name}=${posixQuoted(value)}`,
    unsetter: (name) => `unset ${name}`,
  },
  fish: {
    setter: (name, value) => `set -gx ${name} '${value.replaceAll(/['\\]/g, "\\$&")}'`,
    unsetter: (name) => `set -e ${name}`,
  },
  powershell: {
    setter: (name, value) => `$env:${name} = ${powerShellQuoted(value)}`,
    unsetter: (name) => `$env:${name} = $null`,
  },
  dotenv: {
    setter: (name, value) => `${name}=${dotenvWord(value)}`,
    unsetter: (name) => `${name}=`,
  },
  github: { setter: (name, value) => `${name}=${value}`, unsetter: (name) => `${name}=` },
};

/**
 * Unquoted if no character is special in any reader, because Docker keeps quotes as part of the value. In single
 * quotes no character is special, but a single quote cannot be written.
 */
function dotenvWord(value: string): string {
  if (/^[\w.+/:@%,=-]+$/.test(value)) return value;
  return value.includes("'") ? `"${value.replaceAll(/["\\$`]/g, "\\$&")}"` : `'${value}'`;
}

/** The workflow command that makes GitHub Actions mask `secret` in all later log output. */
export function maskCommand(secret: string): string {
  return `::add-mask::${secret.replaceAll("%", "%25")}\n`;
}
