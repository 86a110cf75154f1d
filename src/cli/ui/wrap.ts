/** Wraps `text` to `width` columns. Words are never cut, so that a path can be copied. */
export function wrapText(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1] ?? "";
    if (last === "") lines[lines.length - 1] = word;
    else if ([...last].length + 1 + [...word].length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** The least width of a second column beside the first. If there is less, the text goes below the name. */
const leastWidth = 24;

/**
 * Names and descriptions in two columns, indented by `margin` and wrapped to `columns`. A description goes
 * below its name if there is too little width beside it.
 */
export function formatEntries(
  entries: readonly (readonly [name: string, about: string])[],
  columns: number,
  margin = 2,
): string {
  const longest = Math.max(0, ...entries.map(([name]) => [...name].length));
  const beside = columns - margin - longest - 2;
  const isBeside = beside >= leastWidth;
  const before = " ".repeat(margin);
  const indent = " ".repeat(margin + (isBeside ? longest + 2 : 4));
  return entries.map(([name, about]) => {
    const lines = wrapText(about, isBeside ? beside : columns - indent.length);
    if (!isBeside) return [before + name, ...lines.map((line) => indent + line)];
    const [first = "", ...rest] = lines;
    const gap = " ".repeat(longest - [...name].length + 2);
    return [`${before}${name}${gap}${first}`.trimEnd(), ...rest.map((line) => indent + line)];
  }).flat().map((line) => `${line}\n`).join("");
}
