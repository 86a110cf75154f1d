import { largeRigs } from "./rigs.ts";
import { runAll } from "./test.ts";

const folder = "tests/interop/large";

/** The tests with clients that are too large for every run; their names hide them from `deno test`. */
async function main(): Promise<boolean> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const files = entries.map(({ name }) => `${folder}/${name}`).sort();
  return await runAll(files, largeRigs);
}

if (import.meta.main && !await main()) Deno.exit(1);
