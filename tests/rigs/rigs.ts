import { findMissing, rigs, thisMachine } from "../../scripts/testing/rigs.ts";

/**
 * The names of the rigs of `table` that tests may need and that this machine does not have: all of them, on another
 * system than Linux. Installs nothing.
 */
export async function missingRigs(table = rigs): Promise<string[]> {
  if (Deno.build.os !== "linux") return table.map(({ name }) => name);
  return (await findMissing(table, thisMachine())).map(({ name }) => name);
}
