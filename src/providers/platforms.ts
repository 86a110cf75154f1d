import { astro } from "./astro.ts";
import { databricks } from "./databricks/platform.ts";
import { github } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { oidc } from "./oidc.ts";
import type { Platform } from "./platform.ts";

/** The registry of platforms, by id. If the variables of two platforms are set, the first one wins. */
const platformTable = { oidc, databricks, astro, github, gitlab } satisfies Readonly<
  Record<string, Platform>
>;

/** The id of a platform. */
export type PlatformId = keyof typeof platformTable;

/** All platforms, in the order of the registry. */
export const platforms: readonly Platform[] = Object.values(platformTable);
