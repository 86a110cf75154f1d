import type { Command } from "@commander-js/extra-typings";
import type { Move } from "../../credentials/move.ts";
import { setStorageMode } from "../../credentials/profile_edits.ts";
import { isPlaintext, readStorageMode, type Storage } from "../../credentials/storage.ts";
import { switchStore } from "../../credentials/switch_store.ts";
import { FobError } from "../../errors.ts";
import { credentialLockLimit } from "../../limits.ts";
import { isTestAccount } from "../../profiles/profile.ts";
import type { CommandContext } from "../context.ts";
import { addCommand, type CommonOptions, examples, variables } from "../options.ts";
import { answer } from "../ui/answer.ts";
import { because, describeMode, describePlace, plaintextFile } from "../ui/reasons.ts";
import { formatPairs } from "../ui/table.ts";

export function addStorage(program: Command, context: CommandContext): void {
  const storage = program.command("storage").description("Show and change where logins are stored")
    .helpCommand(false);
  addCommand(storage, "show", "Show where logins are stored and why, and list them")
    .addHelpText("after", examples("fob storage show", "fob storage show -o json"))
    .action((options) => runShow(options, context));
  addCommand(storage, "set", "Set where new logins are stored")
    .argument("<mode>", modes)
    .addHelpText("after", examples("fob storage set secure") + overridden)
    .action((mode, options) => runSet(mode, options, context));
  addCommand(storage, "move", "Move all logins to another store and use it from now on")
    .argument("<mode>", modes)
    .addHelpText("after", examples("fob storage move secure") + overridden)
    .action((mode, options) => runMove(mode, options, context));
}

const modes = `secure (the keychain) or plaintext (${plaintextFile()})`;

const overridden = variables({
  FOB_AUTH_STORAGE: "overrides this setting",
  FOB_NO_PLAINTEXT: "1: never store logins in plaintext",
});

/** The description of one store. */
interface Shown {
  readonly fields: object;
  readonly text: string;
}

async function runShow({ output }: CommonOptions, context: CommandContext): Promise<void> {
  const usual = await context.storage.open();
  const { outputColumns } = context.io.terminal;
  const shown = await describeStorage(usual, outputColumns);
  const others: Record<string, object> = {};
  let rest = "";
  for (const source of context.storage.profileSources) {
    if ((await context.storage.storageMode(source)).source === usual.chosen.source) continue;
    const theirs = await describeStorage(await context.storage.open(source), outputColumns);
    others[source.provider] = theirs.fields;
    rest += `\n${source.title} profiles:\n${theirs.text}`;
  }
  answer(output, { ...shown.fields, ...others }, shown.text + rest, context);
}

async function describeStorage(
  { chosen, store: both, destination }: Storage,
  columns: number | undefined,
): Promise<Shown> {
  const { store, reason } = await destination();
  const availability = await store.probe();
  const problem = availability.state === "ready" ? undefined : availability.detail;
  const accounts = await both.list().catch(asProblem);
  const unlisted = accounts instanceof FobError ? accounts.message : undefined;
  const kept = accounts instanceof FobError
    ? undefined
    : accounts.filter((account) => !isTestAccount(account));
  const { kind, location } = store;
  const fields = {
    mode: chosen.mode,
    source: chosen.source,
    store: kind,
    location,
    reason,
    reachable: problem === undefined,
    problem: problem ?? unlisted,
    accounts: kept,
  };
  const text = formatPairs({
    Mode: describeMode(chosen),
    "Stored in": describePlace(location, isPlaintext(store), reason),
    Reachable: problem === undefined ? "yes" : `no, ${because(problem)}`,
    Accounts: kept === undefined ? `unknown: ${unlisted}` : kept.join(", ") || "none",
  }, columns);
  return { fields, text };
}

function asProblem(error: unknown): FobError {
  if (error instanceof FobError) return error;
  throw error;
}

async function runSet(
  word: string,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const mode = readStorageMode(word);
  await setStorageMode(mode, context.storage.profileFile());
  context.io.terminal.answer(
    options.output === "json"
      ? `${JSON.stringify({ auth_storage: mode })}\n`
      : `The storage mode is now ${mode}. To move the existing logins, run: fob storage move ${mode}\n`,
  );
  noteOverride(context);
}

async function runMove(
  word: string,
  options: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const mode = readStorageMode(word);
  const stores = await context.storage.stores();
  const [from, to] = mode === "secure"
    ? [stores.plaintext, stores.secure]
    : [stores.secure, stores.plaintext];
  const needs = { from, to, locks: context.system.locks(), lockLimit: credentialLockLimit };
  const settle = (): Promise<unknown> => setStorageMode(mode, context.storage.profileFile());
  const move = await switchStore({ ...needs, settle, uninterrupted: context.system.uninterrupted });
  const { moved, outdated, left } = move;
  const place = describePlace(to.location, isPlaintext(to));
  answer(
    options.output,
    {
      auth_storage: mode,
      from: from.location,
      to: to.location,
      moved,
      outdated,
      left: left.map((error) => error.facts["account"]),
    },
    `${describeMove(move, from.location, place)}The storage mode is now ${mode}.\n`,
    context,
  );
  noteOverride(context);
  for (const { message } of left.slice(1)) context.io.notice(message);
  if (left[0] !== undefined) {
    throw new FobError(left[0].code, `${left[0].message}. It stays in ${from.location}`, {
      facts: left[0].facts,
    });
  }
}

function describeMove({ moved, outdated }: Move, from: string, to: string): string {
  const dropped = outdated.length === 0 ? "" : `Removed outdated copies: ${outdated.join(", ")}.\n`;
  if (moved.length === 0) return `Nothing to move from ${from}.\n${dropped}`;
  return `Moved from ${from} to ${to}: ${moved.join(", ")}.\n${dropped}`;
}

function noteOverride({ io: { notice }, system: { environment } }: CommandContext): void {
  const value = environment.get("FOB_AUTH_STORAGE");
  if (value === undefined) return;
  notice(`FOB_AUTH_STORAGE is set to "${value.slice(0, 40)}" and overrides this setting`);
}
