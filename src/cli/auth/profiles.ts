import type { Command } from "@commander-js/extra-typings";
import { type Status, statusOfProfile } from "../../credentials/status.ts";
import { FobError } from "../../errors.ts";
import { findProfile } from "../../profiles/choose.ts";
import type { Profile } from "../../profiles/profile.ts";
import { findToken } from "../../tokens/token_for_choice.ts";
import type { CommandContext } from "../context.ts";
import { findTokenNeeds } from "../needs.ts";
import { addCommand, type CommonOptions, examples } from "../options.ts";
import { answer } from "../ui/answer.ts";
import { withProgress } from "../ui/progress.ts";
import { formatRows } from "../ui/table.ts";
import { describeExpiry, describeState, statusFields } from "./describe_status.ts";

interface ProfilesOptions extends CommonOptions {
  readonly offline?: true;
}

export function addProfiles(auth: Command, context: CommandContext): void {
  addCommand(auth, "profiles", "List the profiles and whether each has a valid token")
    .option("--offline", "show only what is stored, refresh nothing")
    .addHelpText("after", examples("fob auth profiles", "fob auth profiles --offline -o json"))
    .action((options) => runProfiles(options, context));
}

async function runProfiles(options: ProfilesOptions, context: CommandContext): Promise<void> {
  const profiles = await context.storage.profiles();
  const chosen = profiles.byDefault();
  const all = options.profile === undefined
    ? profiles.all()
    : [findProfile(options.profile, profiles)];
  const statuses = await withProgress(
    "Checking the tokens",
    () => Promise.all(all.map((profile) => statusNow(profile, options, context))),
    context,
    options.output,
  );
  const fields = statuses.map((status) => ({
    ...statusFields(status),
    default: status.profile === chosen,
  }));
  answer(options.output, fields, formatList(statuses, chosen, context), context);
  const unknown = statuses.find(({ state }) => state === "unknown");
  if (unknown?.problem !== undefined) throw unknown.problem;
}

function formatList(
  statuses: readonly Status[],
  chosen: string | undefined,
  { io: { terminal }, system: { clock } }: CommandContext,
): string {
  if (statuses.length === 0) return "No profile is set up. Start with: fob auth login\n";
  const rows = statuses.map((status) => rowOf(status, status.profile === chosen, clock.now()));
  const names = ["  PROFILE", "PROVIDER", "HOST", "IDENTITY", "STATE"];
  return formatRows(names, rows, terminal.outputColumns);
}

/** The status. Unless offline, gets a token first, which refreshes an expired one. */
async function statusNow(
  profile: Profile,
  { offline }: ProfilesOptions,
  context: CommandContext,
): Promise<Status> {
  const needs = {
    storage: await context.storage.open(profile),
    clock: context.system.clock,
    platforms: context.providers.platforms,
  };
  const before = await statusOfProfile(profile, needs);
  if (offline || before.state !== "signed-in" || before.refreshable !== true) return before;
  try {
    await findToken(profile.name, {}, findTokenNeeds(context));
    return await statusOfProfile(profile, needs);
  } catch (problem) {
    if (!(problem instanceof FobError)) throw problem;
    return { ...before, state: problem.code === "sign_in_again" ? "expired" : "unknown", problem };
  }
}

function rowOf(status: Status, isDefault: boolean, now: number): string[] {
  const state = status.state === "signed-in" ? describeExpiry(status, now) : describeState(status);
  return [
    `${isDefault ? "*" : " "} ${status.profile ?? ""}`,
    status.provider ?? "",
    status.host ?? status.issuer ?? "-",
    status.identity ?? "-",
    state,
  ];
}
