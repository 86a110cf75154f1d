import { astroVerbs } from "./astro_verbs.ts";
import { databricksVerbs } from "./databricks_verbs.ts";
import { fileVerbs } from "./file_verbs.ts";
import { keyringVerbs } from "./keyring_verbs.ts";
import { pipelineVerbs } from "./pipeline_verbs.ts";
import { programVerbs } from "./program_verbs.ts";
import { serverVerbs } from "./server_verbs.ts";
import type { Verb } from "./verb.ts";

/** All verbs. Add a new table of verbs here. */
export const verbs: Readonly<Record<string, Verb>> = {
  ...programVerbs,
  ...fileVerbs,
  ...serverVerbs,
  ...astroVerbs,
  ...databricksVerbs,
  ...pipelineVerbs,
  ...keyringVerbs,
};
