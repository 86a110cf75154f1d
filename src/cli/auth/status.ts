import type { Command } from "@commander-js/extra-typings";
import { type Status, statusOf } from "../../credentials/status.ts";
import { type Choice, chooseCredential } from "../../profiles/choose.ts";
import { type Candidate, explainChoice } from "../../profiles/explain.ts";
import { printable } from "../../text/printable.ts";
import type { CommandContext } from "../context.ts";
import { choiceNeeds } from "../needs.ts";
import { addCommand, type CommonOptions, examples, nameFrom } from "../options.ts";
import { answer } from "../ui/answer.ts";
import { describeChoice, describeMode, describePlace } from "../ui/reasons.ts";
import { formatPairs } from "../ui/table.ts";
import { describeExpiry, describeState, statusFields } from "./describe_status.ts";

export function addStatus(auth: Command, context: CommandContext): void {
  addCommand(auth, "status", "Show the current login, where it is stored and why it is used")
    .argument("[profile]", "profile to show (default: the current one)")
    .option("--explain", "show each source of the choice and whether it applied")
    .addHelpText(
      "after",
      examples("fob auth status", "fob auth status --explain", "fob auth status work -o json"),
    )
    .action((argument, options) => runStatus(nameFrom(argument, options), options, context));
}

interface StatusOptions extends CommonOptions {
  readonly explain?: true;
}

async function runStatus(
  named: string | undefined,
  { output, explain }: StatusOptions,
  context: CommandContext,
): Promise<void> {
  const choice = await choose(named, explain, context, output);
  const { io: { terminal }, system: { clock } } = context;
  const explanation = explain && await explainChoice(named, choice, choiceNeeds(context));
  const isKept = choice.kind === "profile" && choice.profile.configFile === undefined;
  const storage = isKept ? await context.storage.open(choice.profile) : undefined;
  const status = await statusOf(choice, {
    clock,
    platforms: context.providers.platforms,
    storage: async () => storage ?? await context.storage.open(),
  });
  const mode = storage && describeMode(storage.chosen);
  const fields = { ...statusFields(status), storage_mode: storage?.chosen, explanation };
  answer(
    output,
    fields,
    formatStatus(status, mode, clock.now(), terminal.outputColumns) +
      formatExplanation(explanation, terminal.outputColumns),
    context,
  );
  if (status.problem !== undefined) throw status.problem;
}

/** Chooses a credential. If that fails with `--explain`, prints the explanation before the error. */
async function choose(
  named: string | undefined,
  explain: true | undefined,
  context: CommandContext,
  output: CommonOptions["output"],
): Promise<Choice> {
  try {
    return await chooseCredential(named, choiceNeeds(context));
  } catch (error) {
    if (!explain) throw error;
    const explanation = await explainChoice(named, undefined, choiceNeeds(context)).catch(() =>
      undefined
    );
    if (explanation === undefined) throw error;
    answer(
      output,
      { explanation },
      formatExplanation(explanation, context.io.terminal.outputColumns).trimStart(),
      context,
    );
    throw error;
  }
}

/** One line per source, in the order of the choice. */
function formatExplanation(
  candidates: readonly Candidate[] | undefined,
  columns: number | undefined,
): string {
  if (candidates === undefined || candidates.length === 0) return "";
  const words = {
    chose: "used",
    failed: "error",
    passed: "skipped",
    late: "not reached",
  } as const;
  const rows = candidates.map(({ source, state, detail }) =>
    [source, printable(`${words[state]}: ${detail}`)] as const
  );
  return `\nChecked in this order:\n${formatPairs(Object.fromEntries(rows), columns)}`;
}

function formatStatus(
  status: Status,
  mode: string | undefined,
  now: number,
  columns: number | undefined,
): string {
  const pairs = {
    Profile: status.profile,
    State: describeState(status),
    Identity: status.identity,
    Host: status.host,
    Issuer: status.issuer,
    Token: status.state === "signed-in" || status.state === "expired"
      ? describeExpiry(status, now)
      : undefined,
    "Stored in": status.store &&
      describePlace(status.store, status.inPlaintext, status.plaintextReason),
    Storage: mode,
    Chosen: status.source && describeChoice(status.source),
  };
  return formatPairs(pairs, columns);
}
