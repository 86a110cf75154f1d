import { findAddress } from "./databricks_host.ts";
import { findForHost } from "./databricks_match.ts";
import { writeLogin } from "./databricks_edits.ts";
import {
  addressOfProfile,
  type DatabricksProfile,
  DatabricksProfiles,
} from "./databricks_profiles.ts";
import type { Profile } from "./profile.ts";
import type { ForeignProfiles } from "./profiles.ts";

/** The profiles of Databricks' own file, as fob serves them. */
export function servedProfiles(text: string, path: string): ForeignProfiles {
  const profiles = new DatabricksProfiles(text, path);
  return {
    path,
    names: () => profiles.names(),
    get: (name) => {
      const profile = profiles.names().includes(name) ? profiles.get(name) : undefined;
      return profile && toProfile(profile);
    },
    forHost: (address) => {
      const named = findAddress(address);
      const found = named && findForHost(named, {}, profiles);
      return found && toProfile(found.profile);
    },
    byDefault: () => {
      const [first, ...others] = profiles.names();
      const only = others.length === 0 ? first : undefined;
      return profiles.setting("default_profile") ?? profiles.byDefault()?.name ?? only;
    },
    authStorage: () => profiles.setting("auth_storage"),
  };
}

/** The profile as fob knows it. Its client id is that of a program's own sign-in, and no person's. */
export function toProfile(profile: DatabricksProfile): Profile {
  const { name, scopes } = profile;
  const { host = profile.host, accountId, workspaceId } = addressOfProfile(profile) ?? {};
  return {
    name,
    provider: "databricks",
    ...(host === undefined ? {} : { host }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

/** The text with `profile` as Databricks' own login would have written it. */
export function writeProfile(text: string, profile: Profile): string {
  const { name, host = "", accountId, workspaceId, scopes } = profile;
  return writeLogin(text, {
    name,
    host,
    ...(accountId === undefined ? {} : { accountId }),
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...(scopes === undefined ? {} : { scopes }),
  });
}

/** What the profiles say that SDKs shall run to get a token. */
export function servedPaths(text: string): string[] {
  return new DatabricksProfiles(text, "").all().map(({ cliPath }) => cliPath)
    .filter((path) => path !== undefined);
}
