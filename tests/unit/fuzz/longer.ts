/** Loaded before tests of properties, it has them look as long, and from where, as the fuzz task asks. */
import fc from "fast-check";
import { runs } from "./runs.ts";

fc.configureGlobal(runs(100));
