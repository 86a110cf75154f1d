import fc from "fast-check";

/** The tests look at the same places each time: what is found elsewhere is found by `deno task fuzz`. */
const usualSeed = 1;

/** How long to look, and from where: `FOB_FUZZ_RUNS` times in place of `usual`, from `FOB_FUZZ_SEED`. */
export function runs(usual: number): fc.Parameters<unknown> {
  const [asked, seed] = ["FOB_FUZZ_RUNS", "FOB_FUZZ_SEED"].map((name) => Deno.env.get(name));
  return { numRuns: Number(asked ?? usual), seed: Number(seed ?? usualSeed) };
}
