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
import { complaint } from "./errors.ts";
import { chosenByDefault } from "./pick.ts";

/** The profiles of Databricks' file, as they stand now. */
export async function readDatabricksProfiles(
  { storage: { profileFile } }: CommandContext,
): Promise<DatabricksProfiles> {
  const file = profileFile({ provider: "databricks" });
  return new DatabricksProfiles(await file.read(), file.path);
}

/** What a command is about: a profile of the file, or else what is kept for a host alone. */
export interface Target {
  readonly profile: Profile;
  readonly stated?: DatabricksProfile;
  /** What signs in to it, after `databricks auth login`. */
  readonly login: string;
}

/**
 * Whose token is meant: the word, the flags, `DATABRICKS_CONFIG_PROFILE`, `DATABRICKS_HOST`, the default
 * profile, in this order (cmd/auth/token.go); or the profile that a person picks who can be asked.
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
  throw complaint(
    profiles.names().length === 0
      ? "no profiles configured. Run 'databricks auth login' to create a profile"
      : "no profile specified. Use --profile <name> to specify which profile to use",
  );
}

/** What the word and the flags name; a word is a profile's name before it is a host (cmd/auth/resolve.go). */
export function namedBy(
  { word, flags }: CommandLine,
  profiles: DatabricksProfiles,
): { profile?: string; host?: string } {
  const { profile, host } = flags;
  if (word === undefined) {
    return present({ profile, host });
  }
  if (profile !== undefined || host !== undefined) {
    throw complaint(
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

/** @throws {FobError} where a profile and a host are named that do not belong together. */
export function assertSameHost(
  name: string,
  host: string | undefined,
  profiles: DatabricksProfiles,
): void {
  const stated = profiles.get(name)?.host;
  if (host === undefined || stated === undefined) return;
  const [one, other] = [stated, host].map((text) => findAddress(text)?.host);
  if (one !== undefined && one === other) return;
  throw complaint(
    `--profile "${name}" has host "${one ?? stated}", which conflicts with --host "${
      other ?? host
    }". Use --profile only to select a profile`,
  );
}

/** "Not found" would tell Java's SDK that this program is not installed. */
function namedTarget(name: string, profiles: DatabricksProfiles): Target {
  const stated = profiles.get(name);
  if (stated === undefined) throw complaint(`no matching profile found: "${name}"`);
  return { profile: toProfile(stated, profiles.path), stated, login: `--profile ${name}` };
}

/** An address with what the flags add to it. */
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

/** The profile of the file that is for the address. */
export function matching(
  address: DatabricksAddress,
  profiles: DatabricksProfiles,
): DatabricksProfile | undefined {
  try {
    return findForHost(address, {}, profiles)?.profile;
  } catch (error) {
    if (!(error instanceof FobError) || error.facts["profiles"] === undefined) throw error;
    throw complaint(`${error.message}. Use --profile to specify which profile to use`);
  }
}
