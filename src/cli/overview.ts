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

/** How things stand, as far as it decides what is useful next. */
type Standing = "new" | "undecided" | "signed-in" | "signed-out" | "unknown";

/** What is told of a standing: a sentence, and the details below it. */
interface Account {
  readonly standing: Standing;
  readonly sentence: string;
  readonly details: readonly (readonly [string, string])[];
  /** The profile that it is about. */
  readonly profile?: string;
}

/** What `fob` alone says: which login answers and how it is, and what is most useful next. */
export async function overview(context: CommandContext): Promise<string> {
  const { io: { terminal }, machine: { version } } = context;
  const columns = columnsOf(terminal);
  const account = await takeStock(context);
  const about = `fob ${version}: sign in once, and hand a fresh token to every program that asks.`;
  const paragraph = (text: string): string => `${wrapText(printable(text), columns).join("\n")}\n`;
  const details = account.details.map(([name, text]) => [name, printable(text)] as const);
  return [
    paragraph(about),
    heading(paragraph(account.sentence).trimEnd(), terminal) + "\n" +
    formatEntries(details, columns),
    `${heading("Next:", terminal)}\n${formatEntries(nextSteps(account), columns)}`,
    paragraph("All commands: fob --help"),
  ].join("\n");
}

async function takeStock(context: CommandContext): Promise<Account> {
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

function withoutChoice(error: FobError, names: readonly string[]): Account {
  if (error.code === "not_signed_in") {
    return { standing: "new", sentence: "You are not signed in anywhere yet.", details: [] };
  }
  if (error.code === "usage" && names.length > 1) {
    const sentence = "There are several profiles, and none is the default.";
    return { standing: "undecided", sentence, details: [["Profiles", listed(names)]] };
  }
  return { standing: "unknown", sentence: `${describeInLine(error)}.`, details: [] };
}

function describe(status: Status): Omit<Account, "details"> {
  const { state, profile, source = "", identity, problem } = status;
  if (profile === undefined) {
    const who = status.store === undefined ? "This machine signs in by itself" : "A token answers";
    return { standing: "signed-in", sentence: `${who}, ${describeChoice(source)}.` };
  }
  const whom = identity === undefined ? "" : ` as ${identity}`;
  switch (state) {
    case "signed-in":
      return { standing: "signed-in", sentence: `Signed in to "${profile}"${whom}.`, profile };
    case "not-signed-in":
      return { standing: "signed-out", sentence: `Not signed in to "${profile}".`, profile };
    case "expired":
      return {
        standing: "signed-out",
        sentence: `The sign-in to "${profile}" has ended.`,
        profile,
      };
    case "unknown":
      return { standing: "unknown", sentence: `${describeInLine(problem)}.`, profile };
  }
}

function detailsOf(status: Status, others: readonly string[], now: number): Account["details"] {
  const { profile, host, issuer, store, inPlaintext, plaintextReason, state } = status;
  const rows: [string, string | undefined][] = [
    ["Host", host ?? issuer],
    ["Token", state === "signed-in" ? describeExpiry(status, now) : undefined],
    ["Kept in", profile && store && describePlace(store, inPlaintext, plaintextReason)],
    ["Others", others.length === 0 ? undefined : listed(others)],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

/** Names as far as they fit on a line or two. */
function listed(names: readonly string[], most = 6): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(", ")} and ${rest} more` : names.join(", ");
}

/** The three commands that are most useful where things stand so. */
function nextSteps({ standing, profile = "" }: Account): [string, string][] {
  const name = /^[\w.@+-]+$/.test(profile) ? profile : `"${profile}"`;
  const status: [string, string] = ["fob auth status", "Show which login answers, and why"];
  const doctor: [string, string] = ["fob doctor", "Find out what works on this machine"];
  switch (standing) {
    case "new":
      return [
        ["fob auth login", "Sign in; it asks for your platform's address"],
        ["fob migrate --from gh --dry-run", "See which tokens another tool keeps in files"],
        doctor,
      ];
    case "undecided":
      return [
        ["fob auth switch", "Choose the default"],
        ["fob auth profiles", "See which of them can give a token now"],
        ["fob auth token PROFILE", "Print a token of one"],
      ];
    case "signed-out":
      return [[`fob auth login ${name}`, "Sign in again"], status, doctor];
    case "signed-in":
      return [
        ["fob exec -- COMMAND", "Run a command with a fresh token in its environment"],
        ["fob connect TOOL", "Let git, docker and other tools ask fob by themselves"],
        ["fob auth token -o text", "Print a fresh token"],
      ];
    case "unknown":
      return [doctor, ["fob storage show", "Show where logins are kept, and why"], status];
  }
}
