/** SGR parameters, ECMA-48 section 8.3.117. */
const parameters = { bold: "1", green: "32", yellow: "33", red: "1;31" } as const;

export type Style = keyof typeof parameters;

/** `text` in `style` if `isColored`. */
export function paint(text: string, style: Style, isColored: boolean): string {
  return isColored ? `\x1b[${parameters[style]}m${text}\x1b[m` : text;
}
