import { FobError } from "../errors.ts";
import type { Locks } from "../system/locks.ts";
import type { Notes } from "../system/notes.ts";
import type { OtherTools } from "../system/other_tools.ts";
import type { SettingsFile } from "../system/settings_file.ts";
import {
  type ConnectRecord,
  digestIfThere,
  noteFile,
  noteSteps,
  readRecord,
  writeRecord,
} from "./connect_record.ts";
import type {
  Change,
  Command,
  CommandChange,
  FileChange,
  LinkChange,
  SettingsChange,
  SettingsFormats,
} from "./connection.ts";
import { applyEdits, type Setting } from "./settings_edits.ts";

/** What pointing a tool at fob needs. */
export interface ConnectNeeds {
  readonly formats: SettingsFormats;
  readonly tools: OtherTools;
  readonly notes: Notes;
  readonly locks: Locks;
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What is to be done for one change, as things stand; there is none where it is done already. */
export type Planned =
  | {
    readonly kind: "settings";
    readonly file: SettingsFile;
    readonly format: string;
    readonly settings: readonly Setting[];
    readonly before: string | undefined;
    readonly after: string;
  }
  | {
    readonly kind: "command";
    readonly program: string;
    readonly files: readonly SettingsFile[];
    readonly look: readonly string[];
    readonly commands: readonly Command[];
    readonly remark?: string;
  }
  | FileChange
  | {
    readonly kind: "link";
    readonly path: string;
    /** Whether it is neither beside fob nor where the tool alone looks. */
    readonly isElsewhere: boolean;
  };

/** Who connects a tool, or takes that back, takes this lock. */
export const connectLock = "connect";
/** Milliseconds that a fob waits for another. */
export const connectLockLimit = 10_000;

/**
 * What would be done for `changes`. Changes nothing.
 *
 * @throws {FobError} `config_invalid` for a file that cannot be edited, `declined` for what is in the way,
 * `command_not_found` where the tool's own command is needed and not there.
 */
export async function planConnection(
  changes: readonly Change[],
  needs: Pick<ConnectNeeds, "formats" | "tools">,
): Promise<Planned[]> {
  const planned: Planned[] = [];
  for (const change of changes) {
    const plan = await planChange(change, needs);
    if (plan !== undefined) planned.push(plan);
  }
  return planned;
}

async function planChange(
  change: Change,
  needs: Pick<ConnectNeeds, "formats" | "tools">,
): Promise<Planned | undefined> {
  switch (change.kind) {
    case "settings":
      return await planSettings(change, needs);
    case "command":
      return await planCommand(change, needs.tools);
    case "file":
      return await planFile(change, needs.tools);
    case "link":
      return await planLink(change, needs.tools);
  }
}

async function planSettings(
  { path, format, edits }: SettingsChange,
  { formats, tools }: Pick<ConnectNeeds, "formats" | "tools">,
): Promise<Planned | undefined> {
  const file = tools.settingsFile(path);
  const before = await file.read();
  const { text: after, settings } = applyEdits(before ?? "", edits, path, formats[format]);
  return settings.length === 0
    ? undefined
    : { kind: "settings", file, format, settings, before, after };
}

async function planCommand(
  { program, files, look, commands: commandsFor, remark }: CommandChange,
  tools: OtherTools,
): Promise<Planned | undefined> {
  if (await tools.find(program) === undefined) {
    const wanted = commandsFor("").flatMap(({ runs }) =>
      runs.map((words) => commandLine([program, ...words]))
    );
    throw new FobError("command_not_found", `There is no command "${program}"`, {
      facts: { needed: wanted.join(" && ") },
    });
  }
  const { stdout } = await tools.run(program, look);
  const commands = commandsFor(stdout);
  if (commands.length === 0) return undefined;
  return {
    kind: "command",
    program,
    files: files.map(tools.settingsFile),
    look,
    commands,
    ...(remark === undefined ? {} : { remark }),
  };
}

async function planFile(change: FileChange, tools: OtherTools): Promise<Planned | undefined> {
  return await tools.settingsFile(change.path).read() === change.text ? undefined : change;
}

async function planLink(
  { name, directory }: LinkChange,
  tools: OtherTools,
): Promise<Planned | undefined> {
  const found = directory === undefined ? await tools.find(name) : undefined;
  if (found !== undefined && await tools.leadsTo(found) === "fob") return undefined;
  if (found !== undefined) {
    throw new FobError("declined", `"${found}" is another program, and comes first on PATH`);
  }
  const [beside, places] = [await tools.ownDirectory(), await tools.binDirectories()];
  const place = directory ?? places[0];
  if (place === undefined) {
    throw new FobError("declined", `No directory on PATH can take a link "${name}" to fob`, {
      facts: { link: name, target: await tools.ownPath() },
    });
  }
  const path = tools.programPath(place, name);
  const leadsTo = await tools.leadsTo(path);
  if (leadsTo === "fob") return undefined;
  const isElsewhere = directory === undefined && place !== beside;
  if (leadsTo === "nothing") return { kind: "link", path, isElsewhere };
  throw new FobError("declined", `"${path}" is there already, and is not fob`);
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
  using _lock = await needs.locks.take(connectLock, connectLockLimit);
  await planConnection(changes, needs);
  const done: Planned[] = [];
  for (const change of changes) {
    // As things stand now: one file may be changed twice.
    const plan = await planChange(change, needs);
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
      await backUp(file, before, record.files.some(({ path }) => path === file.path));
      const noted = await noteFile(noteSteps(record, steps), file.path, before, after);
      await writeRecord(tool, noted, needs.notes);
      return await file.replace(before, after);
    }
    case "command":
      return await applyCommands(tool, plan, needs);
    case "file": {
      const { path, text, runs = false } = plan;
      const step = { kind: "file" as const, path, digest: await digestIfThere(text) ?? "" };
      await writeRecord(tool, noteSteps(record, [step]), needs.notes);
      return await needs.tools.writeOwn(path, text, runs);
    }
    case "link":
      await writeRecord(tool, noteSteps(record, [{ kind: "link", path: plan.path }]), needs.notes);
      return await needs.tools.link(plan.path);
  }
}

/** One backup, of how it was before the first change. */
async function backUp(
  file: SettingsFile,
  text: string | undefined,
  isDone: boolean,
): Promise<void> {
  if (!isDone && text !== undefined) await file.writeBackup(text);
}

async function applyCommands(
  tool: string,
  { program, files, look, commands }: Planned & { kind: "command" },
  { notes, tools }: ConnectNeeds,
): Promise<void> {
  let record = await readRecord(tool, notes);
  const texts = await Promise.all(files.map((file) => file.read()));
  for (const [i, file] of files.entries()) {
    await backUp(file, texts[i], record.files.some(({ path }) => path === file.path));
    record = await noteFile(record, file.path, texts[i], texts[i]);
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
    record = await noteFile(record, file.path, texts[i], await file.read());
    record = await forgetUnchanged(record, file);
  }
  await writeRecord(tool, record, notes);
}

/** What a command might have changed, and has not, needs no backup. */
async function forgetUnchanged(record: ConnectRecord, file: SettingsFile): Promise<ConnectRecord> {
  const isChanged = record.files.some(({ path, before, after }) =>
    path === file.path && before !== after
  );
  if (isChanged) return record;
  await file.removeBackup();
  return { ...record, files: record.files.filter(({ path }) => path !== file.path) };
}

async function runOrThrow(
  program: string,
  words: readonly string[],
  tools: OtherTools,
): Promise<void> {
  const { code, stderr } = await tools.run(program, words);
  if (code === 0) return;
  const why = stderr.trim().split("\n")[0]?.slice(0, 200) ?? "";
  throw new FobError("declined", `${commandLine([program, ...words])} ended with ${code}: ${why}`);
}

/** Words as a person would type them in a POSIX shell. */
export function commandLine(words: readonly string[]): string {
  return words.map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
  ).join(" ");
}
