import { findMissing, rigs, thisMachine } from "../../scripts/rigs.ts";

/** The names of the rigs that tests may need and that this machine does not have. Installs nothing. */
export async function missingRigs(): Promise<string[]> {
  return (await findMissing(rigs, thisMachine())).map(({ name }) => name);
}
