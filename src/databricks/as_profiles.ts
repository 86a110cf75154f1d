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

/** Reads and writes `.databrickscfg`. */
export const databricksFormat: ProfileFormat = {
  read: servedProfiles,
  write: writeProfile,
  remove: removeProfile,
  readAddress,
  commands: servedPaths,
};

/** The profiles of `.databrickscfg` as profiles of fob. */
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
 * Returns the token or client secret that the profile signs in with, if the file contains one: the one for
 * `auth_type`, otherwise a token before a client secret, in the order of Databricks' SDKs (databricks-sdk-go,
 * config/auth_default.go).
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

/** Returns fob's profile for a profile of the file at `path`. Omits `client_id`, which is for workloads only. */
export function toProfile(profile: DatabricksProfile, path: string): Profile {
  const { name, scopes } = profile;
  const { host = profile.host, accountId, workspaceId } = addressOfProfile(profile) ?? {};
  const { secret, ...client } = secretOf(profile) ?? {};
  const unspecified = secret === undefined
    ? unspecifiedSignIn(profile, path, { host, accountId })
    : undefined;
  return {
    name,
    provider: "databricks",
    ...present({ host, accountId, workspaceId, scopes }),
    ...(secret === undefined ? {} : { configFile: { path, ...client } }),
    ...present({ unspecified }),
  };
}

/** Returns what `profile` specifies of its sign-in, or `undefined` if it requires a user login. */
function unspecifiedSignIn(
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
  const keys = Object.fromEntries(
    said.flatMap(([variable, key, value]) =>
      value === undefined ? [] : [[variable, { key, value }]]
    ),
  );
  const isWorkload = clientId !== undefined || (authType !== undefined && authType !== "pat");
  return { path, keys, isWorkload };
}

/** Returns the text with `profile`, as `databricks auth login` writes it. */
function writeProfile(text: string, profile: Profile): string {
  const { name, host = "", accountId, workspaceId, scopes } = profile;
  return writeLogin(text, {
    name,
    host,
    ...present({ accountId, workspaceId, scopes }),
  });
}

/** Returns the programs that the profiles make SDKs run to get a token. */
export function servedPaths(text: string): string[] {
  return new DatabricksProfiles(text, "").all().map(({ cliPath }) => cliPath)
    .filter((path) => path !== undefined);
}
