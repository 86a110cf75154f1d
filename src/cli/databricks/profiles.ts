import { type DatabricksProfile, type DatabricksProfiles } from "../../databricks/config_file.ts";
import { present } from "../../present.ts";
import type { CommandContext } from "../context.ts";
import { answer } from "../ui/answer.ts";
import { formatTable } from "../ui/table.ts";
import { tryAccess } from "./access.ts";
import { readDatabricksProfiles } from "./choose.ts";
import type { CommandLine } from "./command_line.ts";
import { outputOf } from "./output.ts";
import { chosenByDefault } from "./pick.ts";
import { authTypeOf, readSettings } from "./settings.ts";

/** A profile in the list. */
interface Listed {
  readonly name: string;
  readonly host?: string;
  readonly account_id?: string;
  readonly workspace_id?: string;
  readonly cloud: string;
  readonly auth_type: string;
  readonly valid: boolean;
  readonly default?: true;
}

/** `databricks auth profiles`. A missing file is an empty list; Databricks' CLI reports an error. */
export async function runProfiles({ flags }: CommandLine, context: CommandContext): Promise<void> {
  const profiles = await readDatabricksProfiles(context);
  const listed = await Promise.all(
    profiles.all().map((profile) => list(profile, profiles, !flags["skip-validate"], context)),
  );
  answer(
    outputOf(flags, context.system.environment),
    { profiles: listed },
    formatTable([["Name", "Host", "Valid"], ...listed.map(rowOf)]),
    context,
  );
}

async function list(
  profile: DatabricksProfile,
  profiles: DatabricksProfiles,
  isTried: boolean,
  context: CommandContext,
): Promise<Listed> {
  const { name, host, accountId, workspaceId } = profile;
  const settings = readSettings(name, profiles, { get: () => undefined });
  const isDefault = chosenByDefault(profiles) === name;
  return {
    name,
    ...present({ host, account_id: accountId, workspace_id: workspaceId }),
    cloud: cloudOf(host ?? ""),
    auth_type: isTried ? authTypeOf(settings) : profile.authType ?? "",
    valid: isTried && (await tryAccess(settings, context)).valid,
    ...(isDefault ? { default: true } : {}),
  };
}

function rowOf({ name, host = "", valid, default: isDefault }: Listed): string[] {
  return [isDefault ? `${name} (Default)` : name, host, valid ? "YES" : "NO"];
}

/** The cloud of the host, by the end of its name. */
function cloudOf(host: string): string {
  if (/azuredatabricks\.net|databricks\.azure\./.test(host)) return "azure";
  return /gcp\.databricks\.com/.test(host) ? "gcp" : "aws";
}
