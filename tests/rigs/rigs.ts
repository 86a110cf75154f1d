import { findMissing, rigs, thisMachine } from "../../scripts/testing/rigs.ts";

/**
 * The names of the rigs in `table` that are missing on this machine; all of them on other systems than
 * Linux. Installs nothing.
 */
export async function missingRigs(table = rigs): Promise<string[]> {
  if (Deno.build.os !== "linux") return table.map(({ name }) => name);
  return (await findMissing(table, thisMachine())).map(({ name }) => name);
}
