/** Preloaded by the fuzz task: sets the number of runs and the seed of all property tests. */
import fc from "fast-check";
import { runs } from "./runs.ts";

fc.configureGlobal(runs(100));
