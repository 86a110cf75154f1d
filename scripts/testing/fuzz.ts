// deno-lint-ignore-file no-console
/**
 * Fuzzes every parser of foreign input, and the editors of other tools' files, for longer than the
 * tests do: `deno task fuzz [RUNS [SEED]]`, default 20,000 runs of each property. The seed is printed
 * and reproduces the run.
 */
const places = [
  "tests/unit/fuzz",
  "tests/unit/protocols",
  "tests/unit/text",
  "tests/unit/databricks/edits_test.ts",
  "tests/unit/databricks/config_file_test.ts",
  "tests/unit/databricks/writers_test.ts",
  "tests/unit/doctor/plaintext_scanner_test.ts",
  "tests/unit/profiles/profile_file_test.ts",
  "tests/unit/migrate/scrub_test.ts",
];
const [given = "20000", seed = String(crypto.getRandomValues(new Int32Array(1))[0])] = Deno.args;
console.log(`${given} runs of each property, seed ${seed}`);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--no-prompt", "--frozen", "--preload", "tests/unit/fuzz/longer.ts"]
    .concat(places),
  cwd: new URL("../..", import.meta.url),
  env: { FOB_FUZZ_RUNS: given, FOB_FUZZ_SEED: seed },
}).spawn().status;
console.log(`${code === 0 ? "passed" : "failed"}: ${given} runs, seed ${seed}`);
Deno.exit(code);
