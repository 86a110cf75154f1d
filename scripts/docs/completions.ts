// deno-lint-ignore-file no-console
import { fileNames, scripts, shells } from "../../src/cli/completions/scripts.ts";
import { writeInto } from "../release/dist_folder.ts";

/** Writes the output of `fob completions` for each shell to `dist/completions/`, for packages to install. */
if (import.meta.main) {
  const files = shells.map((shell) => [fileNames[shell], scripts[shell]]);
  for (const path of await writeInto("completions", Object.fromEntries(files))) console.log(path);
}
