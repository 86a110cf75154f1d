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
    .description("Copy the tokens that another tool keeps in files")
    .addOption(
      new Option("--from <tool>", "whose files")
        .choices(sourceNames).makeOptionMandatory(),
    )
    .option("-p, --profile <names...>", "only these; all that --dry-run lists if not given")
    .option("--take <hosts...>", "take what is only offered under these addresses, too")
    .option("--dry-run", "tell what would happen, and change nothing")
    .option("--remove", "then remove them from the tool's files, with a backup of each")
    .option("--undo", "give the tool's files back as they were before --remove");
  withOutputOptions(command)
    .addHelpText("after", migrateExamples)
    .action((options) => runMigrate(options, context));
}

const migrateExamples = examples(
  "fob migrate --from databricks --dry-run",
  "fob migrate --from gh --remove",
  "fob migrate --from gh --undo",
) + variables(Object.assign({}, ...sourceNames.map((name) => sources[name].variables)));

/** Migrates, or takes that back, and says what became of it. */
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

/** Options that contradict each other are not weighed. */
function assertTogether({ undo, remove, dryRun, take, profile }: MigrateOptions): void {
  const others = { "--remove": remove, "--dry-run": dryRun, "--take": take, "--profile": profile };
  const [other] = Object.entries(others).find(([, value]) => value !== undefined) ?? [];
  if (!undo || other === undefined) return;
  throw new FobError("usage", `--undo and ${other} contradict each other`);
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
      (path) => `"${path}" is as it was, and its backup is gone.\n`,
    ).join("") + "What fob keeps stays: fob auth logout NAME --delete removes it.\n",
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
    return terminal.answer(`There is no secret of ${from} in ${names}.\n`);
  }
  const removals = changed.map((file) =>
    `Removed from "${file.path}". The backup "${
      backupOf(file, "migrate").path
    }" still holds them: ` +
    `delete it, or give the file back with fob migrate --from ${from} --undo\n`
  );
  const last = dryRun && remove
    ? "With --remove, what is kept would then be removed from those files.\n"
    : "";
  terminal.answer(describePlan(plan, dryRun, location) + removals.join("") + last);
}

/** Nothing at all could be taken where there was something: that is no success. */
function assertSomething({ steps }: Plan, { dryRun, from }: MigrateOptions): void {
  const isTaken = steps.some(({ prospect: { kind } }) => kind === "keep" || kind === "kept");
  if (dryRun || isTaken || steps.length === 0) return;
  throw new FobError("declined", `Nothing could be migrated from ${from}`);
}
