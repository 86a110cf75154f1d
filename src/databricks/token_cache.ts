import { present } from "../present.ts";
import type { OpenedSource, SourceStorageNeeds } from "../profiles/profile_source.ts";
import { TokenCacheFile } from "../stores/token_cache_file.ts";
import { withTokenCacheLock } from "../stores/token_cache_lock.ts";
import { isObject, objectOf, parseObject } from "../text/json_object.ts";
import { DatabricksProfiles } from "./config_file.ts";
import { LegacyStore } from "./token_cache_store.ts";

/** Opens the token cache of Databricks' tools, with its lock. */
export function openTokenCache(
  { path, directory, profileFile, locks, clock, notice, plaintextRefusedBy }: SourceStorageNeeds,
): OpenedSource {
  const store = new LegacyStore({
    cache: new TokenCacheFile({ path, clock, notice }),
    profiles: async () => new DatabricksProfiles(await profileFile.read(), profileFile.path),
    notice,
    ...present({ refusedBy: plaintextRefusedBy }),
  });
  return { store, locks: withTokenCacheLock(locks, { directory, clock, notice }) };
}

/** Returns the number of logins in the text of a token cache, or `undefined` if it is invalid. */
export function countLogins(text: string): number | undefined {
  const { version, tokens } = objectOf(parseObject(text || '{"version":1}'));
  const logins = tokens ?? {};
  return version === 1 && isObject(logins) ? Object.keys(logins).length : undefined;
}
