import { databricksProfiles } from "../databricks/profile_source.ts";
import type { ProfileSource } from "../profiles/profile_source.ts";
import type { PlatformId } from "../providers/platforms.ts";

/** The registry of the profile files of other tools, by platform. If names are equal, the first one wins. */
const profileSourceTable = {
  databricks: databricksProfiles,
} satisfies Readonly<Partial<Record<PlatformId, ProfileSource>>>;

/** The profile files of other tools, in the order of the registry. */
export const profileSources: readonly ProfileSource[] = Object.values(profileSourceTable);
