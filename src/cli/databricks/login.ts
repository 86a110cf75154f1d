import { type DatabricksAddress, isAccountHost } from "../../credentials/databricks_host.ts";
import { writeLogin } from "../../credentials/databricks_edits.ts";
import {
  addressOfProfile,
  type DatabricksProfile,
  type DatabricksProfiles,
} from "../../credentials/databricks_profiles.ts";
import { login, type LoginNeeds } from "../../credentials/login.ts";
import { nameFor, type Profile } from "../../credentials/profile.ts";
import { parseDuration } from "../duration.ts";
import { askText } from "../prompts.ts";
import { terminalAgent } from "../sign_in_agent.ts";
import type { World } from "../world.ts";
import {
  addressFrom,
  assertSameHost,
  matching,
  namedBy,
  readDatabricksProfiles,
} from "./choose.ts";
import type { CommandLine, Flags } from "./command_line.ts";
import { complaint } from "./errors.ts";

const tip =
  "\n\nTip: you can specify a workspace directly with: databricks auth login --host <url>";
const nobody = "the command is being run in a non-interactive environment, please specify";

/**
 * `databricks auth login`. Where no profile is named and nobody can be asked, it gets a name as it would
 * from a person; Databricks' CLI keeps the login then without a profile, and says nothing.
 */
export async function runLogin(line: CommandLine, world: World): Promise<void> {
  const { flags } = line;
  assertFlags(flags);
  const timeout = parseDuration(flags.timeout ?? "1h", "--timeout");
  const profiles = await readDatabricksProfiles(world);
  const profile = await describeProfile(line, profiles, world);
  const { store, locks } = await world.storage(profile);
  const profileFile = world.profileFile(profile);
  const provider = await world.provider(profile.provider);
  const agent = agentFor({ browser: !flags["no-browser"], timeout }, world);
  const needs = { ...world, store, locks, profileFile, provider, agent };
  await login(profile, "browser", timeout, needs);
  if (flags["configure-serverless"]) {
    await profileFile.change((text) =>
      writeLogin(text, { ...profile, host: profile.host ?? "", compute: "serverless" })
    );
  }
  world.terminal.say(`Profile ${profile.name} was successfully saved`);
}

function assertFlags(flags: Flags): void {
  if (flags["configure-cluster"] && flags["configure-serverless"]) {
    throw complaint("please either configure serverless or cluster, not both");
  }
  if (flags["configure-cluster"]) {
    throw complaint("fob cannot list clusters: set cluster_id in the profile file");
  }
}

/** The profile that is signed in to: one of the file with what the flags add, or a new one. */
async function describeProfile(
  line: CommandLine,
  profiles: DatabricksProfiles,
  world: World,
): Promise<Profile> {
  const { flags } = line;
  const named = namedBy(line, profiles);
  if (named.profile !== undefined) assertSameHost(named.profile, named.host, profiles);
  const stated = named.profile === undefined ? undefined : profiles.get(named.profile);
  const host = named.host ?? stated?.host ??
    (named.profile === undefined ? world.environment.get("DATABRICKS_HOST") : undefined) ??
    await askForHost(named.profile, world);
  const { accountId, workspaceId } = (stated && addressOfProfile(stated)) ?? {};
  const said = addressFrom(host, flags);
  const address = {
    ...(accountId === undefined ? {} : { accountId }),
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...said,
  };
  const known = stated ?? matching(address, profiles);
  const scopes = flags.scopes?.split(/[\s,]+/).filter(Boolean) ?? known?.scopes;
  return {
    name: named.profile ?? known?.name ?? nameOf(address),
    provider: "databricks",
    ...await withAccount(address, known, world),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

async function askForHost(profile: string | undefined, world: World): Promise<string> {
  if (world.terminal.canAsk) return await askText("Databricks host", "--host URL", world);
  throw complaint(
    profile === undefined
      ? `setting up login.databricks.com: profile name must not be empty for discovery login${tip}`
      : `${nobody} a host using --host`,
  );
}

/** An account's host does not say of which account. */
async function withAccount(
  address: DatabricksAddress,
  known: DatabricksProfile | undefined,
  world: World,
): Promise<DatabricksAddress> {
  const accountId = address.accountId ?? known?.accountId;
  if (accountId !== undefined) return { ...address, accountId };
  if (!isAccountHost(address.host)) return address;
  if (!world.terminal.canAsk) throw complaint(`${nobody} an account ID using --account-id`);
  const answer = await askText("Databricks account ID", "--account-id ID", world);
  return { ...address, accountId: answer };
}

/** The name that Databricks' CLI proposes: the account, or the first label of the host. */
function nameOf({ host, accountId }: DatabricksAddress): string {
  if (isAccountHost(host) && accountId !== undefined) return `ACCOUNT-${accountId}`;
  const [label = ""] = new URL(host).hostname.split(".");
  return /[a-z]/.test(label) && label !== "localhost" ? label : nameFor(host);
}

function agentFor(
  options: { readonly browser: boolean; readonly timeout: number },
  world: World,
): LoginNeeds["agent"] {
  const { terminal, environment } = world;
  const isAsked = options.browser && environment.get("BROWSER") !== "none";
  return {
    ...terminalAgent(options, world),
    openAuthorizationUrl: async (url) => {
      if (!isAsked) {
        terminal.say(
          `Please complete authentication by opening this link in your browser:\n${url.href}`,
        );
      } else if (!await world.openBrowser(url)) {
        terminal.say(
          `Please continue the authentication process in your browser:\n${url.href}`,
        );
      }
    },
  };
}
