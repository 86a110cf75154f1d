// deno-lint-ignore-file no-console
/**
 * Feeds every parser of foreign bytes for longer than the tests do: `deno task fuzz [RUNS [SEED]]`, by
 * default 20,000 each. The seed is printed, and gives the same run again.
 */
const [given = "20000", seed = String(crypto.getRandomValues(new Int32Array(1))[0])] = Deno.args;
console.log(`${given} runs of each property, seed ${seed}`);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--no-prompt", "--frozen", "tests/unit/fuzz", "tests/unit/protocols"],
  cwd: new URL("..", import.meta.url),
  env: { FOB_FUZZ_RUNS: given, FOB_FUZZ_SEED: seed },
}).spawn().status;
console.log(`${code === 0 ? "nothing found" : "failed"}: ${given} runs, seed ${seed}`);
Deno.exit(code);
