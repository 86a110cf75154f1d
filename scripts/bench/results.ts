import type { Measured } from "./contender.ts";
import type { Storm } from "./storms.ts";

/** Results of one run. */
export interface Results {
  readonly measured: readonly Measured[];
  readonly storms: readonly Storm[];
  readonly rounds: number;
  readonly machine: string;
  /** Remarks, each a sentence without a full stop. */
  readonly notes: readonly string[];
}

/** The median of the command of that name. */
export function medianOf(measured: readonly Measured[], name: string): number | undefined {
  return measured.find(({ contender }) => contender.name === name)?.median;
}
