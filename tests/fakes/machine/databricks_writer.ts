import { IniDocument } from "../../../src/text/ini.ts";

/**
 * Rewrites a `.databrickscfg` like Databricks' CLI when it adds a profile: `DEFAULT` first, aligned
 * equals signs, and a blank line after each section.
 */
export function rewriteAsDatabricks(
  text: string,
  name: string,
  keys: Readonly<Record<string, string>>,
): string {
  const before = IniDocument.parse(text);
  const sections = new Map<string, Map<string, string>>([
    ["DEFAULT", new Map([...before.entries(""), ...before.entries("DEFAULT")])],
    ...before.sections().filter((it) => it !== "DEFAULT")
      .map((it): [string, Map<string, string>] => [it, before.entries(it)]),
  ]);
  sections.set(name, new Map([...sections.get(name) ?? [], ...Object.entries(keys)]));
  return [...sections].map(([name, keys]) => {
    const width = Math.max(0, ...[...keys.keys()].map((key) => key.length));
    const lines = [...keys].map(([key, value]) => `${key.padEnd(width)} = ${value}\n`);
    return `[${name}]\n${lines.join("")}\n`;
  }).join("");
}
