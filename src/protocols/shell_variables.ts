/** The forms in which variables can be set. */
export const shells = ["bash", "fish", "powershell", "dotenv", "github"] as const;

export type Shell = typeof shells[number];

/** Lines that set `variables` when `shell` reads them; values are taken literally, whatever is in them. */
export function formatVariables(variables: Readonly<Record<string, string>>, shell: Shell): string {
  return Object.entries(variables).map(([name, value]) => `${setters[shell](name, value)}\n`).join(
    "",
  );
}

const setters: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  bash: (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
  fish: (name, value) => `set -gx ${name} '${value.replaceAll(/['\\]/g, "\\$&")}'`,
  powershell: (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
  dotenv: (name, value) => `${name}='${value.replaceAll("'", `'\\''`)}'`,
  github: (name, value) => `${name}=${value}`,
};
