/** Looks up a variable; `undefined` for an unknown name. */
export type LookUp = (name: string) => string | undefined;

/**
 * Splits a script line into words like a shell: quotes group and may touch other text, only a backslash
 * and `$` are special in double quotes, and a `#` at the start of a word begins a comment. Unlike in a
 * shell, `\n` and `\\t` in double quotes are a line feed and a tab, an unknown variable is an error,
 * and a value is never split.
 */
export function splitWords(line: string, lookUp: LookUp): string[] {
  const piece = /(\s+)|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|(\$\{\w+\}|\$[A-Za-z_]\w*)|(.)/gs;
  const words: string[] = [];
  let word: string | undefined;
  for (const [all, space, single, double, escaped, variable, plain] of line.matchAll(piece)) {
    if (space !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    if (plain === "#" && word === undefined) break;
    if (plain === "'" || plain === '"') throw new Error(`Missing closing quote ${all}`);
    const quoted = double === undefined ? undefined : expandQuoted(double, lookUp);
    const value = variable === undefined ? undefined : expand(variable, lookUp);
    word = (word ?? "") + (single ?? quoted ?? escaped ?? value ?? plain ?? "");
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** Replaces known variables. Unknown ones stay unchanged. */
export function expandKnown(text: string, lookUp: LookUp): string {
  return text.replace(
    /\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g,
    (all, braced?: string, bare?: string) => lookUp(braced ?? bare ?? "") ?? all,
  );
}

function expand(text: string, lookUp: LookUp): string {
  return expandKnown(text, (name) => {
    const value = lookUp(name);
    if (value === undefined) throw new Error(`Unknown variable "${name}"`);
    return value;
  });
}

/** Expands the text between double quotes. A backslash before any other character is literal. */
function expandQuoted(text: string, lookUp: LookUp): string {
  const escapes: Record<string, string> = { n: "\n", t: "\t", '"': '"', "\\": "\\", $: "$" };
  return text.replace(
    /\\(.)|\$\{\w+\}|\$[A-Za-z_]\w*/gs,
    (all, escaped?: string) =>
      escaped === undefined ? expand(all, lookUp) : escapes[escaped] ?? all,
  );
}
