import type { Measured } from "./contender.ts";
import type { Storm } from "./storms.ts";

/** All that one run found. */
export interface Results {
  readonly measured: readonly Measured[];
  readonly storms: readonly Storm[];
  readonly rounds: number;
  readonly machine: string;
  /** What has to be known of it, each a sentence without its end. */
  readonly notes: readonly string[];
}

/** The median of the command of that name. */
export function medianOf(measured: readonly Measured[], name: string): number | undefined {
  return measured.find(({ contender }) => contender.name === name)?.median;
}
