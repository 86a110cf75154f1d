import { type Status, statusOf } from "../credentials/status.ts";
import { FobError } from "../errors.ts";
import { chooseCredential } from "../profiles/choose.ts";
import { printable } from "../text/printable.ts";
import { describeExpiry } from "./auth/describe_status.ts";
import type { CommandContext } from "./context.ts";
import { columnsOf, heading } from "./help.ts";
import { choiceNeeds } from "./needs.ts";
import { describeChoice, describePlace } from "./ui/reasons.ts";
import { describeInLine } from "./ui/report.ts";
import { formatEntries, wrapText } from "./ui/wrap.ts";

/** The state that decides the next steps. */
type LoginState = "new" | "undecided" | "signed-in" | "signed-out" | "unknown";

/** What the overview prints: a sentence and details. */
interface Summary {
  readonly state: LoginState;
  readonly sentence: string;
  readonly details: readonly (readonly [string, string])[];
  /** The profile of the login. */
  readonly profile?: string;
}

/** `fob` without arguments: the current login, its state and the next steps. */
export async function overview(context: CommandContext): Promise<string> {
  const { io: { terminal }, machine: { version } } = context;
  const columns = columnsOf(terminal);
  const summary = await currentLogin(context);
  const about = `fob ${version}: sign in once, and give every program a fresh token`;
  const paragraph = (text: string): string => `${wrapText(printable(text), columns).join("\n")}\n`;
  const details = summary.details.map(([name, text]) => [name, printable(text)] as const);
  return [
    paragraph(about),
    heading(paragraph(summary.sentence).trimEnd(), terminal) + "\n" +
    formatEntries(details, columns),
    `${heading("Next:", terminal)}\n${formatEntries(nextSteps(summary), columns)}`,
    paragraph("All commands: fob --help"),
  ].join("\n");
}

async function currentLogin(context: CommandContext): Promise<Summary> {
  const names = (await context.storage.profiles()).names();
  try {
    const choice = await chooseCredential(undefined, choiceNeeds(context));
    const status = await statusOf(choice, {
      clock: context.system.clock,
      platforms: context.providers.platforms,
      storage: () => context.storage.open(choice.kind === "profile" ? choice.profile : undefined),
    });
    const others = names.filter((name) => name !== status.profile);
    return { ...describe(status), details: detailsOf(status, others, context.system.clock.now()) };
  } catch (error) {
    if (!(error instanceof FobError)) throw error;
    return withoutChoice(error, names);
  }
}

function withoutChoice(error: FobError, names: readonly string[]): Summary {
  if (error.code === "not_signed_in") {
    return { state: "new", sentence: "You are not signed in.", details: [] };
  }
  if (error.code === "usage" && names.length > 1) {
    const sentence = "There are several profiles, but no default profile.";
    return { state: "undecided", sentence, details: [["Profiles", listed(names)]] };
  }
  return { state: "unknown", sentence: `${describeInLine(error)}.`, details: [] };
}

function describe(status: Status): Omit<Summary, "details"> {
  const { state, profile, source = "", identity, problem } = status;
  if (profile === undefined) {
    const who = status.store === undefined ? "Using a workload identity" : "Using a token";
    return { state: "signed-in", sentence: `${who}, ${describeChoice(source)}.` };
  }
  const user = identity === undefined ? "" : ` as ${identity}`;
  switch (state) {
    case "signed-in":
      return { state: "signed-in", sentence: `Signed in to "${profile}"${user}.`, profile };
    case "not-signed-in":
      return { state: "signed-out", sentence: `Not signed in to "${profile}".`, profile };
    case "expired":
      return {
        state: "signed-out",
        sentence: `The login of "${profile}" has expired.`,
        profile,
      };
    case "unknown":
      return { state: "unknown", sentence: `${describeInLine(problem)}.`, profile };
  }
}

function detailsOf(status: Status, others: readonly string[], now: number): Summary["details"] {
  const { profile, host, issuer, store, inPlaintext, plaintextReason, state } = status;
  const rows: [string, string | undefined][] = [
    ["Host", host ?? issuer],
    ["Token", state === "signed-in" ? describeExpiry(status, now) : undefined],
    ["Stored in", profile && store && describePlace(store, inPlaintext, plaintextReason)],
    ["Others", others.length === 0 ? undefined : listed(others)],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

/** The first names, and how many more there are. */
function listed(names: readonly string[], most = 6): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(", ")} and ${rest} more` : names.join(", ");
}

/** The three most useful commands in this state. */
function nextSteps({ state, profile = "" }: Summary): [string, string][] {
  const name = /^[\w.@+-]+$/.test(profile) ? profile : `"${profile}"`;
  const status: [string, string] = ["fob auth status", "Show the current login and why it is used"];
  const doctor: [string, string] = ["fob doctor", "Check what works on this machine"];
  switch (state) {
    case "new":
      return [
        ["fob auth login", "Sign in (prompts for the address of the API)"],
        ["fob migrate --from gh --dry-run", "Show the tokens that gh stores in files"],
        doctor,
      ];
    case "undecided":
      return [
        ["fob auth switch", "Set the default profile"],
        ["fob auth profiles", "List profiles and their state"],
        ["fob auth token PROFILE", "Print a token of a profile"],
      ];
    case "signed-out":
      return [[`fob auth login ${name}`, "Sign in again"], status, doctor];
    case "signed-in":
      return [
        ["fob exec -- COMMAND", "Run a command with a fresh token in its environment"],
        ["fob connect TOOL", "Let Git, Docker and other tools get tokens from fob"],
        ["fob auth token -o text", "Print a fresh token"],
      ];
    case "unknown":
      return [doctor, ["fob storage show", "Show where logins are stored and why"], status];
  }
}
