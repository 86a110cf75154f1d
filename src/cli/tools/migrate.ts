import { type Command, Option } from "@commander-js/extra-typings";
import { isPlaintext } from "../../credentials/storage.ts";
import { FobError } from "../../errors.ts";
import { backupOf } from "../../ledger/ledger.ts";
import { migrate, undoMigration } from "../../migrate/migrate.ts";
import { type Plan, planMigration } from "../../migrate/plan.ts";
import { type SourceName, sourceNames, sources } from "../../migrate/sources.ts";
import type { TextFile } from "../../system/files/text_file.ts";
import type { CommandContext } from "../context.ts";
import { type CommonOptions, examples, variables, withOutputOptions } from "../options.ts";
import { answer, asJson } from "../ui/answer.ts";
import { describePlace } from "../ui/reasons.ts";
import { describePlan, planFields } from "./describe_migration.ts";
import { loadSourceNeeds } from "./source_needs.ts";

export interface MigrateOptions extends Omit<CommonOptions, "profile"> {
  readonly from: SourceName;
  readonly profile?: readonly string[];
  readonly take?: readonly string[];
  readonly dryRun?: true;
  readonly remove?: true;
  readonly undo?: true;
}

export function addMigrate(program: Command, context: CommandContext): void {
  const command = program.command("migrate")
    .description("Copy the tokens in the files of another tool into fob")
    .addOption(
      new Option("--from <tool>", "tool to migrate from")
        .choices(sourceNames).makeOptionMandatory(),
    )
    .option(
      "-p, --profile <names...>",
      "migrate only these profiles (default: all that --dry-run lists)",
    )
    .option("--take <hosts...>", "also migrate logins without a profile, by their addresses")
    .option("--dry-run", "show what would happen without changing anything")
    .option("--remove", "remove migrated tokens from the tool's files, with a backup of each file")
    .option("--undo", "restore the tool's files to their state before --remove");
  withOutputOptions(command)
    .addHelpText("after", migrateExamples)
    .action((options) => runMigrate(options, context));
}

const migrateExamples = examples(
  "fob migrate --from databricks --dry-run",
  "fob migrate --from gh --remove",
  "fob migrate --from gh --undo",
) + variables(Object.assign({}, ...sourceNames.map((name) => sources[name].variables)));

/** Migrates, or undoes a migration, and reports the result. */
export async function runMigrate(options: MigrateOptions, context: CommandContext): Promise<void> {
  assertTogether(options);
  const source = await sources[options.from].load(await loadSourceNeeds());
  const paths = source.paths(context.system.environment);
  const files = await Promise.all(paths.map(context.system.foreignFile));
  if (options.undo) {
    const restored = await undoMigration({
      source,
      files,
      locks: context.system.locks(),
      notes: context.system.notes(),
    });
    return answerUndo(restored, options, context);
  }
  const { store, destination } = await context.storage.open();
  const { system: { clock, uninterrupted } } = context;
  const [locks, profileFile] = [context.system.locks(), context.storage.profileFile()];
  const notes = context.system.notes();
  const needs = { source, files, store, clock, uninterrupted, locks, profileFile, notes };
  const { profile = [], take = [], remove } = options;
  const plan = await planMigration({ profiles: profile, take }, needs);
  const changed = options.dryRun ? [] : await migrate(plan, remove ? "remove" : "leave", needs);
  const { store: place } = await destination();
  const location = describePlace(place.location, isPlaintext(place));
  answerPlan(plan, changed, { ...options, location }, context);
  assertSomething(plan, options);
}

/** @throws {FobError} `usage` if `--undo` is used with another option. */
function assertTogether({ undo, remove, dryRun, take, profile }: MigrateOptions): void {
  const others = { "--remove": remove, "--dry-run": dryRun, "--take": take, "--profile": profile };
  const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (!undo || other === undefined) return;
  throw new FobError("usage", `--undo and ${other} cannot be used together`);
}

function answerUndo(
  restored: readonly TextFile[],
  { output }: MigrateOptions,
  context: CommandContext,
): void {
  const paths = restored.map(({ path }) => path);
  answer(
    output,
    { restored: paths },
    paths.map(
      (path) => `Restored "${path}" and removed its backup\n`,
    ).join("") + "The migrated logins stay in fob. To remove one: fob auth logout NAME --delete\n",
    context,
  );
}

function answerPlan(
  plan: Plan,
  changed: readonly TextFile[],
  { output, from, dryRun, remove, location }: MigrateOptions & { readonly location: string },
  { io: { terminal } }: CommandContext,
): void {
  if (output === "json") {
    const removed = changed.map((file) => ({
      file: file.path,
      backup: backupOf(file, "migrate").path,
    }));
    const fields = { from, dry_run: dryRun ?? false, secrets: planFields(plan, dryRun), removed };
    return terminal.answer(asJson(fields));
  }
  if (plan.steps.length === 0) {
    const names = plan.texts.map(({ path }) => `"${path}"`).join(" or ");
    return terminal.answer(`No secrets of ${from} in ${names}\n`);
  }
  const removals = changed.map((file) =>
    `Removed from "${file.path}". The backup "${
      backupOf(file, "migrate").path
    }" still has the secrets. ` +
    `Delete it, or restore the file: fob migrate --from ${from} --undo\n`
  );
  const last = dryRun && remove
    ? "--remove would then remove the stored secrets from these files\n"
    : "";
  terminal.answer(describePlan(plan, dryRun, location) + removals.join("") + last);
}

/** @throws {FobError} `declined` if secrets were found, but all were skipped. */
function assertSomething({ steps }: Plan, { dryRun, from }: MigrateOptions): void {
  const isTaken = steps.some(({ prospect: { kind } }) => kind === "keep" || kind === "kept");
  if (dryRun || isTaken || steps.length === 0) return;
  throw new FobError("declined", `Nothing could be migrated from ${from}`);
}
