import { present } from "../present.ts";
import type { Profile, UnspecifiedSignIn } from "../profiles/profile.ts";
import type { ForeignProfiles, ProfileFormat } from "../profiles/profile_source.ts";
import type { Secret } from "../secret.ts";
import {
  addressOfProfile,
  type DatabricksProfile,
  DatabricksProfiles,
  signedIn,
} from "./config_file.ts";
import { removeProfile, writeLogin } from "./edits.ts";
import { findAddress, readAddress } from "./host.ts";
import { findForHost } from "./match.ts";

/** How `.databrickscfg` is read and written. */
export const databricksFormat: ProfileFormat = {
  read: servedProfiles,
  write: writeProfile,
  remove: removeProfile,
  readAddress,
  commands: servedPaths,
};

/** The profiles of Databricks' own file, as fob serves them. */
export function servedProfiles(text: string, path: string): ForeignProfiles {
  const profiles = new DatabricksProfiles(text, path);
  return {
    path,
    names: () => profiles.names(),
    get: (name) => {
      const profile = profiles.names().includes(name) ? profiles.get(name) : undefined;
      return profile && toProfile(profile, path);
    },
    forHost: (address) => {
      const named = findAddress(address);
      const found = named && findForHost(named, {}, profiles);
      return found && toProfile(found.profile, path);
    },
    byDefault: () => {
      const [first, ...others] = profiles.names();
      const only = others.length === 0 ? first : undefined;
      return profiles.setting("default_profile") ?? profiles.byDefault()?.name ?? only;
    },
    authStorage: () => profiles.setting("auth_storage"),
    secretOf: (name) => {
      const profile = profiles.get(name);
      return profile && secretOf(profile)?.secret;
    },
  };
}

/**
 * What the profile signs in with, if that stands in the file: what `auth_type` names, or else a token before a
 * client's secret, as Databricks' SDKs try them (databricks-sdk-go, config/auth_default.go).
 */
function secretOf(
  { token, clientId, clientSecret, authType, password }: DatabricksProfile,
): { readonly secret: Secret; readonly clientId?: string } | undefined {
  const isMeant = (way: string): boolean => authType === undefined || authType === way;
  if (token !== undefined && isMeant("pat")) return { secret: token };
  if (clientId === undefined || clientSecret === undefined || !isMeant("oauth-m2m")) {
    return undefined;
  }
  const isBasic = password !== undefined && authType === undefined;
  return isBasic ? undefined : { secret: clientSecret, clientId };
}

/** The profile of the file at `path` as fob knows it. Its client id is that of a program, and no person's. */
export function toProfile(profile: DatabricksProfile, path: string): Profile {
  const { name, scopes } = profile;
  const { host = profile.host, accountId, workspaceId } = addressOfProfile(profile) ?? {};
  const { secret, ...client } = secretOf(profile) ?? {};
  const open = secret === undefined ? openSignIn(profile, path, { host, accountId }) : undefined;
  return {
    name,
    provider: "databricks",
    ...present({ host, accountId, workspaceId, scopes }),
    ...(secret === undefined ? {} : { stated: { path, ...client } }),
    ...present({ open }),
  };
}

/** What `profile` leaves open: nothing where it says that a person signs in to it. */
function openSignIn(
  { authType, clientId, audience, identityVariable, identityFile }: DatabricksProfile,
  path: string,
  { host, accountId }: {
    readonly host: string | undefined;
    readonly accountId: string | undefined;
  },
): UnspecifiedSignIn | undefined {
  if (authType === signedIn) return undefined;
  const said = [
    ["DATABRICKS_HOST", "host", host],
    ["DATABRICKS_ACCOUNT_ID", "account_id", accountId],
    ["DATABRICKS_AUTH_TYPE", "auth_type", authType],
    ["DATABRICKS_CLIENT_ID", "client_id", clientId],
    ["DATABRICKS_TOKEN_AUDIENCE", "audience", audience],
    ["DATABRICKS_OIDC_TOKEN_ENV", "oidc_token_env", identityVariable],
    ["DATABRICKS_OIDC_TOKEN_FILEPATH", "databricks_id_token_filepath", identityFile],
  ] as const;
  const says = Object.fromEntries(
    said.flatMap(([variable, key, value]) =>
      value === undefined ? [] : [[variable, { key, value }]]
    ),
  );
  const isProgram = clientId !== undefined || (authType !== undefined && authType !== "pat");
  return { path, says, isProgram };
}

/** The text with `profile` as Databricks' own login would have written it. */
function writeProfile(text: string, profile: Profile): string {
  const { name, host = "", accountId, workspaceId, scopes } = profile;
  return writeLogin(text, {
    name,
    host,
    ...present({ accountId, workspaceId, scopes }),
  });
}

/** What the profiles say that SDKs shall run to get a token. */
export function servedPaths(text: string): string[] {
  return new DatabricksProfiles(text, "").all().map(({ cliPath }) => cliPath)
    .filter((path) => path !== undefined);
}
