import type { Place } from "./source.ts";

/** A stretch of a text. */
export type Stretch = Pick<Place, "start" | "end">;

/** `text` without `stretches`. */
export function cut(text: string, stretches: readonly Stretch[]): string {
  const ordered = stretches.toSorted((a, b) => a.start - b.start);
  const starts = [0, ...ordered.map(({ end }) => end)];
  return starts.map((start, i) => text.slice(start, ordered[i]?.start)).join("");
}
