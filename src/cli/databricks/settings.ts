import type { AccessPlace } from "../../databricks/access.ts";
import {
  addressOfProfile,
  type DatabricksProfile,
  type DatabricksProfiles,
  signedIn,
} from "../../databricks/config_file.ts";
import { findAddress } from "../../databricks/host.ts";
import { present } from "../../present.ts";
import { Secret } from "../../secret.ts";
import type { Environment } from "../../system/environment.ts";
import { audited } from "../audited.ts";
import type { CommandContext } from "../context.ts";
import { databricksError } from "./errors.ts";
import { chosenByDefault } from "./pick.ts";

/** The value of an attribute for Databricks' tools, and its source. */
export interface Attribute {
  readonly name: string;
  readonly value: string | Secret;
  /** The source for display; absent for a derived value. */
  readonly source?: string;
}

/** The attributes of a profile, in the order of Databricks' Go SDK (config/config.go). */
const attributes = [
  ["host", "DATABRICKS_HOST", "host"],
  ["account_id", "DATABRICKS_ACCOUNT_ID", "accountId"],
  ["workspace_id", "DATABRICKS_WORKSPACE_ID", "workspaceId"],
  ["token", "DATABRICKS_TOKEN", "token"],
  ["password", "DATABRICKS_PASSWORD", "password"],
  ["client_id", "DATABRICKS_CLIENT_ID", "clientId"],
  ["client_secret", "DATABRICKS_CLIENT_SECRET", "clientSecret"],
  ["auth_type", "DATABRICKS_AUTH_TYPE", "authType"],
] as const satisfies readonly (readonly [string, string, keyof DatabricksProfile])[];

/** The attributes that are not read from a variable if a flag names the profile. */
const ownAlone: readonly string[] = ["account_id", "workspace_id", "auth_type"];
const secrets: readonly string[] = ["token", "password", "client_secret"];

/** The host and the credential that the CLI would use. */
export interface Settings {
  readonly profile?: string;
  readonly fileProfile?: DatabricksProfile;
  readonly attributes: readonly Attribute[];
}

/**
 * The settings of a command. A profile that a flag names goes before the variables, which set the attributes that
 * it lacks. The variables go before any other profile.
 */
export function readSettings(
  flag: string | undefined,
  profiles: DatabricksProfiles,
  environment: Environment,
): Settings {
  const variable = environment.get("DATABRICKS_CONFIG_PROFILE");
  const chosen = flag ?? variable ?? chosenByDefault(profiles);
  const fileProfile = chosen === undefined ? undefined : profiles.get(chosen);
  if (chosen !== undefined && fileProfile === undefined) {
    throw databricksError(`${profiles.path} has no ${chosen} profile configured`);
  }
  const found = attributes.flatMap(([name, env, field]): Attribute[] => {
    const own = fileProfile?.[field];
    const fromFile = typeof own === "string" || own instanceof Secret
      ? [{ name, value: own, source: `${profiles.path} config file` }]
      : [];
    const value = flag !== undefined && ownAlone.includes(name) ? undefined : environment.get(env);
    const fromVariable = value === undefined ? [] : [{
      name,
      value: secrets.includes(name) ? new Secret(value) : value,
      source: `${env} environment variable`,
    }];
    const [first] = flag === undefined
      ? [...fromVariable, ...fromFile]
      : [...fromFile, ...fromVariable];
    return first === undefined ? [] : [first];
  });
  const by = flag !== undefined
    ? "--profile flag"
    : variable && "DATABRICKS_CONFIG_PROFILE environment variable";
  const profile = chosen === undefined
    ? []
    : [{ name: "profile", value: chosen, ...(by ? { source: by } : {}) }];
  return {
    ...present({ profile: chosen, fileProfile }),
    attributes: ordered([...found, ...profile]),
  };
}

function ordered(found: readonly Attribute[]): Attribute[] {
  const last = found.filter(({ name }) => name === "profile" || name === "auth_type")
    .toSorted((one, other) => other.name.localeCompare(one.name));
  return [...found.filter((attribute) => !last.includes(attribute)), ...last];
}

/** The auth type: the given one, or the type of the credential in the settings, or else the stored login. */
export function authTypeOf(settings: Settings): string {
  const has = (name: string): boolean => settings.attributes.some((it) => it.name === name);
  const given = settings.attributes.find(({ name }) => name === "auth_type")?.value;
  if (typeof given === "string") return given;
  if (has("token")) return "pat";
  if (has("password")) return "basic";
  return has("client_id") && has("client_secret") ? "oauth-m2m" : signedIn;
}

/** Returns the settings of `read`, to print in plaintext. The audit log gets the profile if it has a secret. */
export async function reportSecrets(
  context: {
    readonly io: Pick<CommandContext["io"], "audit">;
    readonly storage: Pick<CommandContext["storage"], "profiles">;
  },
  read: () => Promise<Settings>,
): Promise<Settings> {
  // The file of fob's own profiles can turn the log on.
  await context.storage.profiles();
  let settings: Settings | undefined;
  await audited("databricks", context, async () => {
    settings = await read();
    const hasSecret = settings.attributes.some(({ value }) => value instanceof Secret);
    return hasSecret ? settings : undefined;
  });
  return settings ?? await read();
}

/** The secret with that name. */
export function secretIn(settings: Settings, name: string): Secret | undefined {
  const value = settings.attributes.find((it) => it.name === name)?.value;
  return value instanceof Secret ? value : undefined;
}

export function textIn(settings: Settings, name: string): string | undefined {
  const value = settings.attributes.find((it) => it.name === name)?.value;
  return typeof value === "string" ? value : undefined;
}

/** The address that a token would be used at. */
export function placeOf(settings: Settings): AccessPlace | undefined {
  const host = findAddress(textIn(settings, "host") ?? "")?.host;
  if (host === undefined) return undefined;
  const [accountId, workspaceId] = [
    textIn(settings, "account_id"),
    textIn(settings, "workspace_id"),
  ];
  const address = addressOfProfile({
    name: "",
    host: textIn(settings, "host") ?? "",
    ...present({ accountId, workspaceId }),
  });
  return { ...address, host };
}
