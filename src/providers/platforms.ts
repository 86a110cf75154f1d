import { astro } from "./astro.ts";
import { databricks } from "./databricks/platform.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { oidc } from "./oidc.ts";
import type { Platform } from "./platform.ts";

/** The platforms that a person can sign in to; where the variables of two could answer, the first's do. */
export const platforms: readonly Platform[] = [oidc, databricks, astro, github, gitlab];
