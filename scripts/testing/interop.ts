import { largeRigs } from "./rigs.ts";
import { runAll } from "./test.ts";

const folder = "tests/interop/large";

/** Runs the tests with large clients, such as docker. Their file names keep them out of `deno test`. */
async function main(): Promise<boolean> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  const files = entries.map(({ name }) => `${folder}/${name}`).sort();
  return await runAll(files, largeRigs);
}

if (import.meta.main && !await main()) Deno.exit(1);
