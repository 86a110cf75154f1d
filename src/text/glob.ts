/**
 * Whether `parts` of a path or an address match `pattern`: `*` matches any characters of one part, `?` one
 * character, and a part `**` any number of parts. Case-sensitive. The time is at most proportional to the product of
 * both lengths.
 */
export function matchesParts(pattern: readonly string[], parts: readonly string[]): boolean {
  return matchesAll(pattern, parts, "**", matchesPart);
}

function matchesPart(pattern: string, part: string): boolean {
  return matchesAll([...pattern], [...part], "*", (one, other) => one === "?" || one === other);
}

/** Whether `fits` matches all of `pattern` and `values` in order. `many` in the pattern matches any number of values. */
function matchesAll(
  pattern: readonly string[],
  values: readonly string[],
  many: string,
  fits: (one: string, other: string) => boolean,
): boolean {
  let [at, next] = [0, 0];
  // Where to continue if the text after the last `many` does not match: `many` then takes one more value.
  let retry: { at: number; next: number } | undefined;
  while (next < values.length) {
    const [one, other] = [pattern[at], values[next] ?? ""];
    if (one === many) retry = { at: ++at, next };
    else if (one !== undefined && fits(one, other)) [at, next] = [at + 1, next + 1];
    else if (retry === undefined) return false;
    else [at, next] = [retry.at, ++retry.next];
  }
  return pattern.slice(at).every((one) => one === many);
}

/** Whether `part` contains a wildcard. */
export function isWild(part: string): boolean {
  return /[*?]/.test(part);
}
