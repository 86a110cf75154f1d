import { toProfile } from "../../databricks/as_profiles.ts";
import { type DatabricksProfile, DatabricksProfiles } from "../../databricks/config_file.ts";
import {
  type DatabricksAddress,
  findAddress,
  hostKeyOf,
  readAddress,
  serverFor,
} from "../../databricks/host.ts";
import { findForHost } from "../../databricks/match.ts";
import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import type { Profile } from "../../profiles/profile.ts";
import type { CommandContext } from "../context.ts";
import type { CommandLine, Flags } from "./command_line.ts";
import { databricksError } from "./errors.ts";
import { chosenByDefault } from "./pick.ts";

/** Reads the profiles of Databricks' file. */
export async function readDatabricksProfiles(
  { storage: { profileFile } }: CommandContext,
): Promise<DatabricksProfiles> {
  const file = profileFile({ provider: "databricks" });
  return new DatabricksProfiles(await file.read(), file.path);
}

/** The subject of a command: a profile of the file, or a login that is stored for a host only. */
export interface Target {
  readonly profile: Profile;
  readonly fileProfile?: DatabricksProfile;
  /** The arguments of `databricks auth login` that sign in to it. */
  readonly login: string;
}

/**
 * Chooses the login by the argument, the flags, `DATABRICKS_CONFIG_PROFILE`, `DATABRICKS_HOST` or the default
 * profile, in this order (cmd/auth/token.go). Otherwise prompts for a profile, if there is a terminal.
 */
export async function chooseTarget(
  line: CommandLine,
  profiles: DatabricksProfiles,
  context: CommandContext,
): Promise<Target> {
  const { io: { terminal }, system: { environment } } = context;
  const { profile: flag, host } = namedBy(line, profiles);
  if (flag !== undefined) assertSameHost(flag, host, profiles);
  const name = flag ??
    (host === undefined ? environment.get("DATABRICKS_CONFIG_PROFILE") : undefined);
  if (name !== undefined) return namedTarget(name, profiles);
  const address = host === undefined ? addressIn(environment) : addressFrom(host, line.flags);
  if (address !== undefined) return targetAt(address, profiles);
  const chosen = chosenByDefault(profiles);
  if (chosen !== undefined) return namedTarget(chosen, profiles);
  if (terminal.canAsk && profiles.names().length > 0) {
    const { pickProfile } = await import("./pick.ts");
    const picked = await pickProfile("Select a profile", profiles, false, context);
    if (picked.kind === "profile") return namedTarget(picked.name, profiles);
  }
  throw databricksError(
    profiles.names().length === 0
      ? "no profiles configured. Run 'databricks auth login' to create a profile"
      : "no profile specified. Use --profile <name> to specify which profile to use",
  );
}

/** The profile or host of the argument and the flags. A profile goes before a host (cmd/auth/resolve.go). */
export function namedBy(
  { word, flags }: CommandLine,
  profiles: DatabricksProfiles,
): { profile?: string; host?: string } {
  const { profile, host } = flags;
  if (word === undefined) {
    return present({ profile, host });
  }
  if (profile !== undefined || host !== undefined) {
    throw databricksError(
      `argument "${word}" cannot be combined with --host or --profile. ` +
        "Use the --host and --profile flags instead",
    );
  }
  if (profiles.names().includes(word)) return { profile: word };
  return looksLikeHost(word) ? { host: word } : { profile: word };
}

export function looksLikeHost(word: string): boolean {
  return word.includes(".") || /^https?:\/\//.test(word) || /:\d+$/.test(word);
}

/** @throws {FobError} if the named profile has another host than the named one. */
export function assertSameHost(
  name: string,
  host: string | undefined,
  profiles: DatabricksProfiles,
): void {
  const profileHost = profiles.get(name)?.host;
  if (host === undefined || profileHost === undefined) return;
  const [one, other] = [profileHost, host].map((text) => findAddress(text)?.host);
  if (one !== undefined && one === other) return;
  throw databricksError(
    `--profile "${name}" has host "${one ?? profileHost}", which conflicts with --host "${
      other ?? host
    }". Use --profile only to select a profile`,
  );
}

/** The message must not contain "not found": the Java SDK takes that for a missing program. */
function namedTarget(name: string, profiles: DatabricksProfiles): Target {
  const fileProfile = profiles.get(name);
  if (fileProfile === undefined) throw databricksError(`no matching profile found: "${name}"`);
  return {
    profile: toProfile(fileProfile, profiles.path),
    fileProfile,
    login: `--profile ${name}`,
  };
}

/** The address of `host` with the IDs of the flags. */
export function addressFrom(host: string, flags: Flags): DatabricksAddress {
  const address = readAddress(host);
  const accountId = flags["account-id"] ?? address.accountId;
  const workspaceId = flags["workspace-id"] ?? address.workspaceId;
  return {
    host: address.host,
    ...present({ accountId, workspaceId }),
  };
}

function addressIn(
  environment: CommandContext["system"]["environment"],
): DatabricksAddress | undefined {
  const host = environment.get("DATABRICKS_HOST");
  if (host === undefined) return undefined;
  const accountId = environment.get("DATABRICKS_ACCOUNT_ID");
  const workspaceId = environment.get("DATABRICKS_WORKSPACE_ID");
  return addressFrom(host, present({ "account-id": accountId, "workspace-id": workspaceId }));
}

function targetAt(address: DatabricksAddress, profiles: DatabricksProfiles): Target {
  const match = matching(address, profiles);
  if (match !== undefined) return namedTarget(match.name, profiles);
  const { host, accountId, workspaceId } = address;
  return {
    profile: {
      name: hostKeyOf(serverFor(address)),
      provider: "databricks",
      host,
      ...present({ accountId, workspaceId }),
    },
    login: `--host ${host}${accountId === undefined ? "" : ` --account-id ${accountId}`}`,
  };
}

/** The profile of the file for the address. */
export function matching(
  address: DatabricksAddress,
  profiles: DatabricksProfiles,
): DatabricksProfile | undefined {
  try {
    return findForHost(address, {}, profiles)?.profile;
  } catch (error) {
    if (!(error instanceof FobError) || error.facts["profiles"] === undefined) throw error;
    throw databricksError(`${error.message}. Use --profile to specify which profile to use`);
  }
}
