import { FobError } from "../errors.ts";
import { digestIfExists, ledgerLock } from "../ledger/ledger.ts";
import { ledgerLockLimit } from "../limits.ts";
import type { Locks } from "../system/files/locks.ts";
import type { TextFile } from "../system/files/text_file.ts";
import type { OtherTools } from "../system/other_tools.ts";
import { posixLine } from "../text/shell_quote.ts";
import { planChange, planConnection, type Planned, type PlanNeeds } from "./plan.ts";
import { type ConnectRecord, isOwnLink, noteSteps, readRecord } from "./record.ts";
import type { Change } from "./tool.ts";

/** Dependencies of a connection. */
export interface ConnectNeeds extends PlanNeeds {
  readonly locks: Locks;
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Makes `changes` for `tool` and records each one before it is made. Returns the changes that were not made
 * before. If it is interrupted, it can be run again or undone.
 *
 * @throws {FobError} as {@link planConnection}; nothing has been changed then.
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
    // Planned again for the current state, because one file may be changed twice.
    const plan = await planChange(change, { ...needs, record });
    if (plan === undefined) continue;
    await needs.uninterrupted(() => apply(plan, record, needs));
    done.push(plan);
  }
  return done;
}

async function apply(plan: Planned, record: ConnectRecord, needs: ConnectNeeds): Promise<void> {
  switch (plan.kind) {
    case "settings": {
      const { file, format, settings, before, after } = plan;
      const steps = settings.map((setting) => ({
        kind: "settings" as const,
        path: file.path,
        format,
        setting,
      }));
      noteSteps(record, steps);
      return await record.change(file, { before, after }, "kept");
    }
    case "command":
      return await applyCommands(plan, record, needs);
    case "file": {
      const { path, text, runs = false } = plan;
      const older = await digestIfExists(await needs.tools.textFile(path).readIfExists());
      const digest = await digestIfExists(text) ?? "";
      const step = { kind: "file" as const, path, digest, ...(older && { older }) };
      noteSteps(record, [step]);
      await record.save();
      return await needs.tools.writeOwn(path, text, runs);
    }
    case "link": {
      const { path } = plan;
      const step = { kind: "link" as const, path, target: await needs.tools.ownPath() };
      // An older link by fob is removed before the new target replaces its record.
      if (isOwnLink(record, path, await needs.tools.linkTarget(path))) {
        await needs.tools.remove(path);
      }
      noteSteps(record, [step]);
      await record.save();
      return await needs.tools.link(path);
    }
  }
}

async function applyCommands(
  { program, files, look, commands }: Planned & { kind: "command" },
  record: ConnectRecord,
  { tools }: ConnectNeeds,
): Promise<void> {
  const texts = await Promise.all(files.map((file) => file.readIfExists()));
  const found = files.map((file, i) => ({ file, before: texts[i] }));
  for (const { file, before } of found) {
    await record.prepare(file, before);
    await record.note(file, { before, after: before });
  }
  const paths = files.map(({ path }) => path);
  noteSteps(
    record,
    commands.map(({ note }) => ({ kind: "command", program, files: paths, look, note })),
  );
  await record.save();
  for (const words of commands.flatMap(({ runs }) => runs)) await runOrThrow(program, words, tools);
  for (const { file, before } of found) {
    await record.note(file, { before, after: await file.readIfExists() });
    await forgetUnchanged(record, file);
  }
  await record.save();
}

/** Removes the backup of a file that the command did not change. */
async function forgetUnchanged(record: ConnectRecord, file: TextFile): Promise<void> {
  const found = await record.look(file);
  if (found?.whole === undefined || found.whole.text !== found.text) return;
  await found.backup.remove();
  record.forget(file);
}

/** Runs a tool's own command and returns its standard output. Throws `declined` if it fails. */
export async function runOrThrow(
  program: string,
  words: readonly string[],
  tools: OtherTools,
): Promise<string> {
  const { code, stdout, stderr } = await tools.run(program, words);
  if (code === 0) return stdout;
  const why = stderr.trim().split("\n")[0]?.slice(0, 200) ?? "";
  throw new FobError(
    "declined",
    `${posixLine([program, ...words])} failed with exit code ${code}: ${why}`,
  );
}
