import { IniDocument } from "../../../src/text/ini.ts";

/**
 * What Databricks' CLI makes of a `.databrickscfg` when it adds a profile: everything written anew, `DEFAULT`
 * first, the equals signs of a section in one column, a blank line after each.
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
