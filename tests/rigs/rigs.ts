import { findMissing, rigs, thisMachine } from "../../scripts/rigs.ts";

/**
 * The names of the rigs that tests may need and that this machine does not have: all of them, on another
 * system than Linux. Installs nothing.
 */
export async function missingRigs(): Promise<string[]> {
  if (Deno.build.os !== "linux") return rigs.map(({ name }) => name);
  return (await findMissing(rigs, thisMachine())).map(({ name }) => name);
}
