import fc from "fast-check";

/** The seed of normal test runs is fixed. `deno task fuzz` uses random seeds. */
const usualSeed = 1;

/** The number of runs and the seed: `FOB_FUZZ_RUNS`, default `usual`, and `FOB_FUZZ_SEED`. */
export function runs(usual: number): fc.Parameters<unknown> {
  const [asked, seed] = ["FOB_FUZZ_RUNS", "FOB_FUZZ_SEED"].map((name) => Deno.env.get(name));
  return { numRuns: Number(asked ?? usual), seed: Number(seed ?? usualSeed) };
}
