import type { Place } from "./source.ts";

/** The start and the end of a part of a text. */
export type TextRange = Pick<Place, "start" | "end">;

/** `text` without `ranges`. */
export function cut(text: string, ranges: readonly TextRange[]): string {
  const ordered = ranges.toSorted((a, b) => a.start - b.start);
  const starts = [0, ...ordered.map(({ end }) => end)];
  return starts.map((start, i) => text.slice(start, ordered[i]?.start)).join("");
}
