import { login, type LoginNeeds } from "../../credentials/login.ts";
import {
  addressOfProfile,
  type DatabricksProfile,
  type DatabricksProfiles,
  defaultSection,
} from "../../databricks/config_file.ts";
import { type DatabricksLogin, writeLogin } from "../../databricks/edits.ts";
import { type DatabricksAddress, isAccountHost } from "../../databricks/host.ts";
import { FobError } from "../../errors.ts";
import { present } from "../../present.ts";
import { nameFor, type Profile } from "../../profiles/profile.ts";
import { terminalPrompts } from "../auth/terminal_prompts.ts";
import type { CommandContext } from "../context.ts";
import { keepNeeds } from "../needs.ts";
import { parseDuration } from "../ui/duration.ts";
import { askText } from "../ui/prompts.ts";
import {
  addressFrom,
  assertSameHost,
  matching,
  namedBy,
  readDatabricksProfiles,
} from "./choose.ts";
import type { CommandLine, Flags } from "./command_line.ts";
import { databricksError } from "./errors.ts";
import { pickCluster, pickProfile, pickWorkspace } from "./pick.ts";

const tip =
  "\n\nTip: you can specify a workspace directly with: databricks auth login --host <url>";
const nonInteractive = "the command is being run in a non-interactive environment, please specify";

/**
 * `databricks auth login`. If no profile is named and there is no terminal, the profile gets the proposed name.
 * Databricks' CLI then stores the login without a profile, and prints no notice.
 */
export async function runLogin(line: CommandLine, context: CommandContext): Promise<void> {
  const { flags } = line;
  assertFlags(flags);
  const timeout = parseDuration(flags.timeout ?? "1h", "--timeout");
  const profiles = await readDatabricksProfiles(context);
  const profile = await describeProfile(line, profiles, context);
  const isDiscovered = profile.host === undefined;
  if (isDiscovered) {
    assertNoPlace(flags);
    context.io.terminal.say("Opening login.databricks.com in your browser...");
  }
  const kept = keepNeeds(profile, await context.storage.open(profile), context);
  const { profileFile } = kept;
  const provider = await context.providers.open(profile.provider);
  const prompts = promptsFor({ browser: !flags["no-browser"], timeout }, context);
  const needs = { ...kept, provider, prompts };
  const done = await login(profile, "browser", timeout, needs).catch((error: unknown) => {
    if (!isDiscovered || !(error instanceof FobError)) throw error;
    throw new FobError(error.code, `${error.message}${tip}`, { cause: error });
  });
  // `login` has written the common fields; these are only for Databricks.
  const found = isDiscovered
    ? { discovered: true }
    : await findRest(done.profile, flags, context).catch((error: unknown) => {
      if (!(error instanceof FobError) || error.code !== "interrupted") throw error;
      throw new FobError(
        "interrupted",
        `Cancelled; profile ${profile.name} is saved`,
      );
    });
  if (Object.keys(found).length > 0) {
    const { host = "", ...rest } = done.profile;
    await profileFile.change((text) => writeLogin(text, { ...rest, host, ...found }));
  }
  context.io.terminal.say(`Profile ${profile.name} was successfully saved`);
}

/** The other fields of the profile: the workspace of an account, and the compute that runs code. */
async function findRest(
  profile: Profile,
  flags: Flags,
  context: CommandContext,
): Promise<Pick<DatabricksLogin, "workspaceId" | "compute">> {
  const workspaceId = flags["skip-workspace"] ? undefined : await pickWorkspace(profile, context);
  const place = present({ workspaceId });
  if (flags["configure-serverless"]) return { ...place, compute: "serverless" };
  if (!flags["configure-cluster"]) return place;
  return { ...place, compute: { cluster: await pickCluster({ ...profile, ...place }, context) } };
}

/** @throws {FobError} `usage` for a flag that belongs to a host, which is not known yet. */
function assertNoPlace(flags: Flags): void {
  const place = [
    "account-id",
    "workspace-id",
    "configure-cluster",
    "configure-serverless",
  ] as const;
  const flag = place.find((name) => flags[name] !== undefined);
  if (flag !== undefined) throw databricksError(`--${flag} requires --host to be specified`);
}

function assertFlags(flags: Flags): void {
  if (flags["configure-cluster"] && flags["configure-serverless"]) {
    throw databricksError("please either configure serverless or cluster, not both");
  }
}

/** The profile to sign in to: one of the file with the values of the flags, or a new one. */
async function describeProfile(
  line: CommandLine,
  profiles: DatabricksProfiles,
  context: CommandContext,
): Promise<Profile> {
  const { flags } = line;
  const named = await namedOrPicked(line, profiles, context);
  if (named.profile !== undefined) assertSameHost(named.profile, named.host, profiles);
  const fileProfile = named.profile === undefined ? undefined : profiles.get(named.profile);
  const host = named.host ?? fileProfile?.host;
  const asked = flags.scopes?.split(/[\s,]+/).filter(Boolean) ?? fileProfile?.scopes;
  if (host === undefined) {
    const name = named.profile ?? await askForName(context);
    return { name, provider: "databricks", ...present({ scopes: asked }) };
  }
  const { accountId, workspaceId } = (fileProfile && addressOfProfile(fileProfile)) ?? {};
  const given = addressFrom(host, flags);
  const address = {
    ...present({ accountId, workspaceId }),
    ...given,
  };
  const known = fileProfile ?? matching(address, profiles);
  const scopes = asked ?? known?.scopes;
  const place = await withAccount(address, known, context);
  return {
    name: named.profile ?? known?.name ?? await proposeName(place, context),
    provider: "databricks",
    ...place,
    ...present({ scopes }),
  };
}

/** The profile or host of the command line or of `DATABRICKS_HOST`. Otherwise prompts, if there is a terminal. */
async function namedOrPicked(
  line: CommandLine,
  profiles: DatabricksProfiles,
  context: CommandContext,
): Promise<{ profile?: string; host?: string }> {
  const named = namedBy(line, profiles);
  if (named.profile !== undefined || named.host !== undefined) return named;
  const host = context.system.environment.get("DATABRICKS_HOST");
  if (host !== undefined) return { host };
  if (!context.io.terminal.canAsk || profiles.names().length === 0) return {};
  const picked = await pickProfile("Select a profile to log in to", profiles, true, context);
  if (picked.kind === "profile") return { profile: picked.name };
  return picked.kind === "host" ? { host: picked.host } : {};
}

async function askForName(context: CommandContext): Promise<string> {
  if (context.io.terminal.canAsk) {
    return await askText("Databricks profile name", "--profile NAME", context, defaultSection);
  }
  throw databricksError(
    `setting up login.databricks.com: profile name must not be empty for discovery login${tip}`,
  );
}

/** The proposed name of a new profile; with a terminal, the user can change it. */
async function proposeName(place: DatabricksAddress, context: CommandContext): Promise<string> {
  const name = nameOf(place);
  if (!context.io.terminal.canAsk) return name;
  return await askText("Databricks profile name", "--profile NAME", context, name);
}

/** Adds the account ID, which the host of accounts does not include. */
async function withAccount(
  address: DatabricksAddress,
  known: DatabricksProfile | undefined,
  context: CommandContext,
): Promise<DatabricksAddress> {
  const accountId = address.accountId ?? known?.accountId;
  if (accountId !== undefined) return { ...address, accountId };
  if (!isAccountHost(address.host)) return address;
  if (!context.io.terminal.canAsk) {
    throw databricksError(`${nonInteractive} an account ID using --account-id`);
  }
  const answer = await askText("Databricks account ID", "--account-id ID", context);
  return { ...address, accountId: answer };
}

/** The name that Databricks' CLI proposes: the account, or the first label of the host. */
function nameOf({ host, accountId }: DatabricksAddress): string {
  if (isAccountHost(host) && accountId !== undefined) return `ACCOUNT-${accountId}`;
  const [label = ""] = new URL(host).hostname.split(".");
  return /[a-z]/.test(label) && label !== "localhost" ? label : nameFor(host);
}

function promptsFor(
  options: { readonly browser: boolean; readonly timeout: number },
  context: CommandContext,
): LoginNeeds["prompts"] {
  const { io: { terminal }, system: { environment } } = context;
  const isAsked = options.browser && environment.get("BROWSER") !== "none";
  return {
    ...terminalPrompts(options, context),
    // Reading pasted lines would consume the answers to prompts after the sign-in.
    pastedLines: nothing,
    openAuthorizationUrl: async (url) => {
      if (!isAsked) {
        terminal.say(
          `Please complete authentication by opening this link in your browser:\n${url.href}`,
        );
      } else if (!await context.tools.openBrowser(url)) {
        terminal.say(
          `Please continue the authentication process in your browser:\n${url.href}`,
        );
      }
    },
  };
}

async function* nothing(): AsyncGenerator<string> {}
