/**
 * Whether `parts`, which a path or an address consists of, are what `pattern` means: `*` stands for any
 * characters of one part, `?` for one of them, a part `**` for any number of parts. Takes no longer than the
 * product of their lengths, whatever is in them. Case counts: who does not want that, changes it before.
 */
export function matchesParts(pattern: readonly string[], parts: readonly string[]): boolean {
  return matchesAll(pattern, parts, "**", matchesPart);
}

function matchesPart(pattern: string, part: string): boolean {
  return matchesAll([...pattern], [...part], "*", (one, other) => one === "?" || one === other);
}

/** Whether `fits` pairs up all of both, where `many` in the pattern pairs with any number. */
function matchesAll(
  pattern: readonly string[],
  values: readonly string[],
  many: string,
  fits: (one: string, other: string) => boolean,
): boolean {
  let [at, next] = [0, 0];
  // Where to go on if what follows the last `many` does not fit: that takes one value more.
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

/** Whether anything in `part` stands for something else. */
export function isWild(part: string): boolean {
  return /[*?]/.test(part);
}
