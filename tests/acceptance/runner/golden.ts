/** Whether `line` matches the golden line. `[..]` matches any text. */
export function matchesLine(line: string, golden: string): boolean {
  const parts = golden.split("[..]").map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join("[^\\n]*")}$`).test(line);
}

/**
 * The difference from a golden text by line: `-` is a missing line, `+` an unexpected one. `undefined`
 * if the texts match.
 */
export function difference(text: string, golden: string): string | undefined {
  const actual = lines(text);
  const expected = lines(golden);
  const common = commonLines(actual, expected);
  const shown: string[] = [];
  let [a, e] = [0, 0];
  while (a < actual.length || e < expected.length) {
    const [line, wanted] = [actual[a], expected[e]];
    if (line !== undefined && wanted !== undefined && matchesLine(line, wanted)) {
      shown.push(`  ${visible(line)}`);
      a++;
      e++;
    } else if (line === undefined || (common[a]?.[e + 1] ?? -1) >= (common[a + 1]?.[e] ?? -1)) {
      shown.push(`- ${visible(wanted ?? "")}`);
      e++;
    } else {
      shown.push(`+ ${visible(line)}`);
      a++;
    }
  }
  return shown.every((line) => line.startsWith("  ")) ? undefined : shown.join("\n");
}

/** Splits a text into lines that keep their line feed, so that a missing one is a difference. */
function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The number of matching lines, in order, from each pair of positions. */
function commonLines(actual: readonly string[], expected: readonly string[]): number[][] {
  const table = Array.from({ length: actual.length + 1 }, () => Array(expected.length + 1).fill(0));
  for (let a = actual.length - 1; a >= 0; a--) {
    for (let e = expected.length - 1; e >= 0; e--) {
      const skipped = Math.max(table[a + 1]?.[e], table[a]?.[e + 1]);
      const both = matchesLine(actual[a] ?? "", expected[e] ?? "");
      table[a]![e] = both ? 1 + table[a + 1]?.[e + 1] : skipped;
    }
  }
  return table;
}

/** Escapes control characters, and marks a missing line feed. */
function visible(line: string): string {
  const shown = line.replace(/\n$/, "").replaceAll(/(?!\t)\p{Cc}/gu, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return line.endsWith("\n") ? shown : `${shown} (no line feed)`;
}
