import { FobError } from "../errors.ts";
import { digestIfExists } from "../ledger/ledger.ts";
import { present } from "../present.ts";
import type { Notes } from "../system/files/notes.ts";
import type { TextFile } from "../system/files/text_file.ts";
import type { OtherTools } from "../system/other_tools.ts";
import type { SettingsFormats } from "../text/formats/settings_format.ts";
import { posixLine } from "../text/shell_quote.ts";
import { applyEdits, type Setting } from "./edits.ts";
import { type ConnectRecord, isOwnFile, isOwnLink, readRecord } from "./record.ts";
import type {
  Change,
  Command,
  CommandChange,
  FileChange,
  LinkChange,
  SettingsChange,
} from "./tool.ts";

/** Dependencies of planning a connection. */
export interface PlanNeeds {
  readonly formats: SettingsFormats;
  readonly tools: OtherTools;
  readonly notes: Notes;
}

/** Dependencies of {@link planChange}. `record`: the earlier changes for the tool. */
export interface ChangeNeeds extends Omit<PlanNeeds, "notes"> {
  readonly record: ConnectRecord;
}

/** A change that must be made in the current state. */
export type Planned =
  | {
    readonly kind: "settings";
    readonly file: TextFile;
    readonly format: string;
    readonly settings: readonly Setting[];
    readonly before: string | undefined;
    readonly after: string;
  }
  | {
    readonly kind: "command";
    readonly program: string;
    readonly files: readonly TextFile[];
    readonly look: readonly string[];
    readonly commands: readonly Command[];
    readonly remark?: string;
  }
  | FileChange
  | {
    readonly kind: "link";
    readonly path: string;
    /** Whether it is outside the directory of fob and of the tool. */
    readonly isElsewhere: boolean;
  };

/**
 * Returns the `changes` for `tool` that are not made yet. Changes nothing.
 *
 * @throws {FobError} `config_invalid` for a file that cannot be edited, `declined` for a file or link of another
 * program, `command_not_found` if the tool's own command is needed and not found.
 */
export async function planConnection(
  tool: string,
  changes: readonly Change[],
  { notes, ...needs }: PlanNeeds,
): Promise<Planned[]> {
  const record = await readRecord(tool, notes);
  const planned: Planned[] = [];
  for (const change of changes) {
    const plan = await planChange(change, { ...needs, record });
    if (plan !== undefined) planned.push(plan);
  }
  return planned;
}

/** The plan for one change; `undefined` if it is already made. Throws as {@link planConnection}. */
export async function planChange(
  change: Change,
  needs: ChangeNeeds,
): Promise<Planned | undefined> {
  switch (change.kind) {
    case "settings":
      return await planSettings(change, needs);
    case "command":
      return await planCommand(change, needs.tools);
    case "file":
      return await planFile(change, needs);
    case "link":
      return await planLink(change, needs);
  }
}

async function planSettings(
  { path, older, isOptional, format, edits }: SettingsChange,
  { formats, tools }: ChangeNeeds,
): Promise<Planned | undefined> {
  const hasOlder = older !== undefined && await tools.textFile(older).readIfExists() !== undefined;
  const file = tools.textFile(hasOlder ? older : path);
  const before = await file.readIfExists();
  if (isOptional && before === undefined) return undefined;
  const { text: after, settings } = applyEdits(before ?? "", edits, file.path, formats[format]);
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
      runs.map((words) => posixLine([program, ...words]))
    );
    throw new FobError("command_not_found", `Command "${program}" not found`, {
      facts: { needed: wanted.join(" && ") },
    });
  }
  const { stdout } = await tools.run(program, look);
  const commands = commandsFor(stdout);
  if (commands.length === 0) return undefined;
  return {
    kind: "command",
    program,
    files: files.map(tools.textFile),
    look,
    commands,
    ...present({ remark }),
  };
}

/** @throws {FobError} `declined` for a file that another program created or changed. */
async function planFile(
  change: FileChange,
  { tools, record }: ChangeNeeds,
): Promise<Planned | undefined> {
  const { path, text } = change;
  const there = await tools.textFile(path).readIfExists();
  if (there === text) return undefined;
  if (there === undefined) return change;
  if (isOwnFile(record, path, await digestIfExists(there))) return change;
  throw new FobError(
    "declined",
    `"${path}" already exists with different content`,
  );
}

async function planLink(
  { name, directory }: LinkChange,
  { tools, record }: ChangeNeeds,
): Promise<Planned | undefined> {
  const found = directory === undefined ? await tools.find(name) : undefined;
  const place = found === undefined ? directory ?? await placeFor(name, tools) : undefined;
  const path = found ?? tools.programPath(place ?? "", name);
  const leadsTo = await tools.leadsTo(path);
  if (leadsTo === "fob") return undefined;
  // fob may have moved since it created the link.
  const isOurs = isOwnLink(record, path, await tools.linkTarget(path));
  if (leadsTo === "nothing" || isOurs) {
    const isBeside = place === undefined || place === await tools.ownDirectory();
    return { kind: "link", path, isElsewhere: directory === undefined && !isBeside };
  }
  throw new FobError(
    "declined",
    found === undefined
      ? `"${path}" already exists and is not a link to fob`
      : `"${found}" is another program and comes first on PATH`,
  );
}

async function placeFor(name: string, tools: OtherTools): Promise<string> {
  const [place] = await tools.binDirectories();
  if (place !== undefined) return place;
  throw new FobError("declined", `No directory on PATH is suitable for a link "${name}" to fob`, {
    facts: { link: name, target: await tools.ownPath() },
  });
}
