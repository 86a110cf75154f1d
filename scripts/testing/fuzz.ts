// deno-lint-ignore-file no-console
/**
 * Feeds every parser of foreign bytes, and what edits other people's texts, for longer than the tests do:
 * `deno task fuzz [RUNS [SEED]]`, by default 20,000 each. The seed is printed, and gives the same run again.
 */
const credentials = [
  "databricks_edits",
  "databricks_profiles",
  "databricks_writers",
  "git_remotes",
  "ini",
  "ini_settings",
  "json_strings",
  "keepers",
  "profiles",
  "scrub",
  "yaml_lines",
].map((name) => `tests/unit/credentials/${name}_test.ts`);
const places = ["tests/unit/fuzz", "tests/unit/protocols", "tests/unit/agents", ...credentials];
const [given = "20000", seed = String(crypto.getRandomValues(new Int32Array(1))[0])] = Deno.args;
console.log(`${given} runs of each property, seed ${seed}`);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--no-prompt", "--frozen", "--preload", "tests/unit/fuzz/longer.ts"]
    .concat(places),
  cwd: new URL("../..", import.meta.url),
  env: { FOB_FUZZ_RUNS: given, FOB_FUZZ_SEED: seed },
}).spawn().status;
console.log(`${code === 0 ? "nothing found" : "failed"}: ${given} runs, seed ${seed}`);
Deno.exit(code);
