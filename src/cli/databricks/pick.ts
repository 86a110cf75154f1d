import type { Choosable } from "../../databricks/access.ts";
import { type DatabricksProfiles, defaultSection } from "../../databricks/config_file.ts";
import { isAccountHost } from "../../databricks/host.ts";
import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import type { Profile } from "../../profiles/profile.ts";
import { tokenForProfile } from "../../tokens/token_for_choice.ts";
import type { CommandContext } from "../context.ts";
import { tokenNeeds } from "../needs.ts";
import { askChoice, askText } from "../ui/prompts.ts";
import { databricksError } from "./errors.ts";

/** The answer to the prompt for a profile. */
export type Picked =
  | { readonly kind: "profile"; readonly name: string }
  | { readonly kind: "new" }
  | { readonly kind: "host"; readonly host: string };

/** The maximum number of workspaces in the prompt. */
const mostWorkspaces = 50;
/** The values of the extra choices. No profile can have such a name. */
const [createNew, enterHost, skip] = ["\n+", "\n>", "\n-"];

/** Prompts for a profile, with the default first. `hasExtras` adds the choices of a new profile and of a host. */
export async function pickProfile(
  question: string,
  profiles: DatabricksProfiles,
  hasExtras: boolean,
  context: CommandContext,
): Promise<Picked> {
  const first = chosenByDefault(profiles);
  const own = profiles.all().toSorted((one, other) =>
    Number(other.name === first) - Number(one.name === first)
  ).map(({ name, host, accountId }) => {
    const mark = name === first ? " [default]" : "";
    const where = accountId === undefined ? host : `account: ${accountId}`;
    return { value: name, label: `${name}${mark}${where === undefined ? "" : ` (${where})`}` };
  });
  const extras = [
    { value: createNew, label: "+ Create a new profile" },
    { value: enterHost, label: "→ Enter a host URL manually" },
  ];
  const choices = [...own, ...hasExtras ? extras : []];
  const value = await askChoice(question, choices, "--profile NAME", context);
  if (value === createNew) return { kind: "new" };
  if (value !== enterHost) return { kind: "profile", name: value };
  return { kind: "host", host: await askText("Databricks host", "--host URL", context) };
}

/**
 * The workspace for a login at a host of an account: the only workspace, or the answer to a prompt. `undefined` if
 * the user skips it or can see no workspace, or if there is no terminal (cmd/auth/login.go).
 */
export async function pickWorkspace(
  profile: Profile,
  context: CommandContext,
): Promise<string | undefined> {
  const { host = "", accountId, workspaceId } = profile;
  if (accountId === undefined || workspaceId !== undefined || isAccountHost(host)) return undefined;
  const { io: { terminal } } = context;
  if (!terminal.canAsk) {
    terminal.say(
      "To use workspace commands, set workspace_id in your profile or pass --workspace-id.",
    );
    return undefined;
  }
  const found = await workspacesOf(profile, context);
  if (found.length > mostWorkspaces) {
    terminal.say(
      `Account has ${found.length} workspaces. Showing first ${mostWorkspaces}. ` +
        "Use --workspace-id to specify directly.",
    );
  }
  const [only, ...others] = found.slice(0, mostWorkspaces);
  if (only === undefined) return undefined;
  if (others.length === 0) {
    terminal.say(`Auto-selected workspace "${only.name}" (${only.id})`);
    return only.id;
  }
  const choices = [only, ...others].map(({ id, name }) => ({
    value: id,
    label: `${name} (${id})`,
  }));
  const none = { value: skip, label: "Skip (account-level access only)" };
  const id = await askChoice(
    "Select a workspace",
    [...choices, none],
    "--workspace-id ID",
    context,
  );
  return id === skip ? undefined : id;
}

/** The workspaces of the account; empty if the user may not list them, because the login is still valid. */
async function workspacesOf(
  profile: Profile,
  context: CommandContext,
): Promise<readonly Choosable[]> {
  try {
    const { token } = await tokenForProfile(profile, {}, tokenNeeds(context));
    return await context.providers.databricksLists("workspaces", placeOf(profile), token);
  } catch (error) {
    if (!(error instanceof FobError) || error.code === "interrupted") throw error;
    context.io.terminal.say(`Warn: Workspace selection failed: ${error.message}`);
    return [];
  }
}

/** The cluster for the user's code: the only compatible cluster, or the answer to a prompt. */
export async function pickCluster(profile: Profile, context: CommandContext): Promise<string> {
  const { token } = await tokenForProfile(profile, {}, tokenNeeds(context));
  const [only, ...others] = await context.providers.databricksLists(
    "clusters",
    placeOf(profile),
    token,
  );
  if (only === undefined) throw databricksError("no compatible clusters found");
  if (others.length === 0) return only.id;
  if (!context.io.terminal.canAsk) {
    const names = [only, ...others].map(({ id }) => id).join(", ");
    throw databricksError(
      "the command is being run in a non-interactive environment, please set cluster_id in the " +
        `profile to one of ${names}`,
    );
  }
  const choices = [only, ...others].map(({ id, name }) => ({
    value: id,
    label: `${name} (${id})`,
  }));
  return await askChoice("Choose compatible cluster", choices, "--profile NAME", context);
}

function placeOf({ host = "", accountId, workspaceId }: Profile): {
  readonly host: string;
  readonly accountId?: string;
  readonly workspaceId?: string;
} {
  return {
    host,
    ...present({ accountId, workspaceId }),
  };
}

/** The default profile, if it still exists. */
export function chosenByDefault(profiles: DatabricksProfiles): string | undefined {
  const names = profiles.names();
  const chosen = profiles.setting("default_profile") ?? defaultSection;
  if (!names.includes(chosen)) return undefined;
  return chosen !== defaultSection || profiles.get(chosen)?.host !== undefined ? chosen : undefined;
}
