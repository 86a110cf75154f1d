import { FobError } from "../errors.ts";
import { posixQuoted, powerShellQuoted } from "../text/shell_quote.ts";

/** The forms in which variables can be set. */
export const shells = ["bash", "fish", "powershell", "dotenv", "github"] as const;

export type Shell = typeof shells[number];

/** What shall become of an environment. */
export interface Variables {
  readonly set: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
}

/**
 * Lines that change the variables when `shell` reads them, the ones that take away first; values are taken
 * literally, whatever is in them. What the form of dotenv or GitHub has no way to take away is set to nothing.
 *
 * @throws {FobError} `provider_answer_invalid` for a value with a line break or NUL, which not all of them
 * could be given, and which no token or address has.
 */
export function formatVariables({ set, unset }: Variables, shell: Shell): string {
  const { setter, unsetter } = forms[shell];
  const setting = Object.entries(set).map(([name, value]) => {
    if (/[\r\n\0]/.test(value)) {
      throw new FobError("provider_answer_invalid", `${name} has a line break or NUL in it`);
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
 * Bare where nothing in it is special to anybody: Docker takes quotes for a part of the value. Between single
 * quotes nothing is special, and there is no way to write one.
 */
function dotenvWord(value: string): string {
  if (/^[\w.+/:@%,=-]+$/.test(value)) return value;
  return value.includes("'") ? `"${value.replaceAll(/["\\$`]/g, "\\$&")}"` : `'${value}'`;
}

/** The workflow command that has GitHub Actions show stars in the place of `secret`, in every log that follows. */
export function maskCommand(secret: string): string {
  return `::add-mask::${secret.replaceAll("%", "%25")}\n`;
}
