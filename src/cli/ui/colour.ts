/** SGR parameters, ECMA-48 section 8.3.117. */
const parameters = { bold: "1", green: "32", yellow: "33", red: "1;31" } as const;

export type Style = keyof typeof parameters;

/** `text` in `style` if `isColoured`. */
export function paint(text: string, style: Style, isColoured: boolean): string {
  return isColoured ? `\x1b[${parameters[style]}m${text}\x1b[m` : text;
}
