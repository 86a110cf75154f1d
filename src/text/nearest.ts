/** Returns at most three of `candidates` that `typed` may be a misspelling of, nearest first. */
export function nearest(typed: string, candidates: readonly string[]): string[] {
  const limit = Math.max(2, Math.floor(typed.length / 3));
  return candidates
    .map((candidate) => ({
      candidate,
      distance: distance(typed.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ candidate, distance }) =>
      (distance <= limit && distance < Math.max(typed.length, candidate.length)) ||
      (typed !== "" && candidate.startsWith(typed))
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** The number of insertions, deletions, replacements and swaps of neighbors (optimal string alignment distance). */
function distance(a: string, b: string): number {
  const rows = Array.from(
    { length: a.length + 1 },
    (_, i) => [i, ...Array<number>(b.length).fill(0)],
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity;
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
        ? at(i - 2, j - 2) + 1
        : Infinity;
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i]![j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced, swapped);
    }
  }
  return at(a.length, b.length);
}
