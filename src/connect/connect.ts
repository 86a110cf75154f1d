import { FobError } from "../errors.ts";
import {
  backUp,
  changeFile,
  digestIfThere,
  forget,
  ledgerLock,
  noteFile,
  touchedIn,
} from "../ledger/ledger.ts";
import { ledgerLockLimit } from "../limits.ts";
import type { Locks } from "../system/files/locks.ts";
import type { TextFile } from "../system/files/text_file.ts";
import type { OtherTools } from "../system/other_tools.ts";
import { posixLine } from "../text/shell_quote.ts";
import { planChange, planConnection, type Planned, type PlanNeeds } from "./plan.ts";
import {
  type ConnectRecord,
  isOwnLink,
  noteSteps,
  ownerOf,
  readRecord,
  writeRecord,
} from "./record.ts";
import type { Change } from "./tool.ts";

/** What pointing a tool at fob needs. */
export interface ConnectNeeds extends PlanNeeds {
  readonly locks: Locks;
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Makes `changes` for `tool`, and notes each before it is made. Returns what was not done already. Cut off
 * anywhere, it can be done again, or taken back.
 *
 * @throws {FobError} as {@link planConnection}, and nothing has been changed then.
 */
export async function connect(
  tool: string,
  changes: readonly Change[],
  needs: ConnectNeeds,
): Promise<Planned[]> {
  using _lock = await needs.locks.take(ledgerLock, ledgerLockLimit);
  await planConnection(tool, changes, needs);
  const record = await readRecord(tool, needs.notes);
  const done: Planned[] = [];
  for (const change of changes) {
    // As things stand now: one file may be changed twice.
    const plan = await planChange(change, { ...needs, record });
    if (plan === undefined) continue;
    await needs.uninterrupted(() => apply(tool, plan, needs));
    done.push(plan);
  }
  return done;
}

async function apply(tool: string, plan: Planned, needs: ConnectNeeds): Promise<void> {
  const record = await readRecord(tool, needs.notes);
  switch (plan.kind) {
    case "settings": {
      const { file, format, settings, before, after } = plan;
      const steps = settings.map((setting) => ({
        kind: "settings" as const,
        path: file.path,
        format,
        setting,
      }));
      const { notes } = needs;
      const how = { owner: ownerOf(tool), notes, access: "kept" as const };
      return await changeFile(noteSteps(record, steps), file, { before, after }, how);
    }
    case "command":
      return await applyCommands(tool, plan, needs);
    case "file": {
      const { path, text, runs = false } = plan;
      const older = await digestIfThere(await needs.tools.textFile(path).readIfThere());
      const digest = await digestIfThere(text) ?? "";
      const step = { kind: "file" as const, path, digest, ...(older && { older }) };
      await writeRecord(tool, noteSteps(record, [step]), needs.notes);
      return await needs.tools.writeOwn(path, text, runs);
    }
    case "link": {
      const { path } = plan;
      const step = { kind: "link" as const, path, target: await needs.tools.ownPath() };
      // One that leads to where fob was goes before it is noted as another.
      if (isOwnLink(record, path, await needs.tools.linkTarget(path))) {
        await needs.tools.remove(path);
      }
      await writeRecord(tool, noteSteps(record, [step]), needs.notes);
      return await needs.tools.link(path);
    }
  }
}

async function applyCommands(
  tool: string,
  { program, files, look, commands }: Planned & { kind: "command" },
  { notes, tools }: ConnectNeeds,
): Promise<void> {
  let record = await readRecord(tool, notes);
  const owner = ownerOf(tool);
  const texts = await Promise.all(files.map((file) => file.readIfThere()));
  for (const [i, file] of files.entries()) {
    const before = texts[i];
    await backUp(record, file, before, owner);
    record = await noteFile(record, file, { before, after: before }, owner);
  }
  const paths = files.map(({ path }) => path);
  const steps = commands.map(({ note }) => ({
    kind: "command" as const,
    program,
    files: paths,
    look: [...look],
    note: [...note],
  }));
  await writeRecord(tool, noteSteps(record, steps), notes);
  for (const words of commands.flatMap(({ runs }) => runs)) await runOrThrow(program, words, tools);
  record = await readRecord(tool, notes);
  for (const [i, file] of files.entries()) {
    const change = { before: texts[i], after: await file.readIfThere() };
    record = await noteFile(record, file, change, owner);
    record = await forgetUnchanged(record, file);
  }
  await writeRecord(tool, record, notes);
}

/** A file that a command could have changed and did not needs no backup. */
async function forgetUnchanged(record: ConnectRecord, file: TextFile): Promise<ConnectRecord> {
  const touched = touchedIn(record, file);
  if (touched === undefined || touched.before !== touched.after) return record;
  await file.beside(touched.backup).remove();
  return forget(record, file);
}

/** Runs a tool's own command, and resolves to what it says. `declined` where it fails. */
export async function runOrThrow(
  program: string,
  words: readonly string[],
  tools: OtherTools,
): Promise<string> {
  const { code, stdout, stderr } = await tools.run(program, words);
  if (code === 0) return stdout;
  const why = stderr.trim().split("\n")[0]?.slice(0, 200) ?? "";
  throw new FobError("declined", `${posixLine([program, ...words])} ended with ${code}: ${why}`);
}
