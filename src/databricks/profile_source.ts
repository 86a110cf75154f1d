import type { ProfileSource } from "../profiles/profile_source.ts";
import { databricksConfigPath, tokenCachePath } from "./paths.ts";

/** `.databrickscfg` and the token cache of Databricks' tools. */
export const databricksProfiles: ProfileSource = {
  provider: "databricks",
  title: "Databricks",
  variable: "DATABRICKS_CONFIG_FILE",
  path: (environment) => databricksConfigPath(environment),
  load: async () => (await import("./as_profiles.ts")).databricksFormat,
  storage: {
    variable: "DATABRICKS_AUTH_STORAGE",
    key: "auth_storage",
    // `plaintext` replaced the value `legacy` (databricks/cli #5088).
    words: { secure: "secure", plaintext: "legacy", legacy: "legacy" },
    path: (environment) => tokenCachePath(environment),
    open: async (needs) => (await import("./token_cache.ts")).openTokenCache(needs),
    count: async (text) => (await import("./token_cache.ts")).countLogins(text),
  },
};
