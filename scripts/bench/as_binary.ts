import { authToken, chunksRun } from "../../tests/interop/fast_path.ts";
import type { LoginHome } from "../../tests/interop/login_home.ts";
import { toolGets } from "./tool_gets.ts";

const bundle = new URL("../../dist/", import.meta.url);

/**
 * Copies what of the bundle these journeys run to `folder`, and returns the copy's `main.js`. Deno parses all files of
 * a bundle before it runs one, to learn what they might import; a binary knows that since it was made, and opens what
 * it runs. The copy shows what a binary costs, where none can be made.
 */
export async function copyLoaded(homes: readonly LoginHome[], folder: string): Promise<string> {
  const names = new Set<string>();
  const add = (run: readonly string[]): void => run.forEach((name) => names.add(name));
  const said = `${folder}/said`;
  for (const home of homes) {
    add(await chunksRun(home, {}, [...authToken, "--force-refresh"]));
    add(await chunksRun(home));
    // What tells of an error, should there be one.
    add(await chunksRun(home, {}, [...authToken, "nobody"]));
    for (const { words, says, wrapper } of toolGets) {
      await Deno.writeTextFile(said, says);
      add(await chunksRun(home, {}, words, wrapper, said));
    }
  }
  const copy = `${folder}/dist`;
  await Deno.mkdir(copy);
  for (const name of names) await Deno.copyFile(new URL(name, bundle), `${copy}/${name}`);
  return `${copy}/main.js`;
}
