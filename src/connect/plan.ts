import { FobError } from "../errors.ts";
import { digestIfThere } from "../ledger/ledger.ts";
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

/** What looking at what there is needs. */
export interface PlanNeeds {
  readonly formats: SettingsFormats;
  readonly tools: OtherTools;
  readonly notes: Notes;
}

/** What {@link planChange} needs; `record`: what has been changed for the tool before. */
export interface ChangeNeeds extends Omit<PlanNeeds, "notes"> {
  readonly record: ConnectRecord;
}

/** What is to be done for one change, as things stand; there is none where it is done already. */
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
    /** Whether it is neither beside fob nor where the tool alone looks. */
    readonly isElsewhere: boolean;
  };

/**
 * What would be done for `changes` of `tool`. Changes nothing.
 *
 * @throws {FobError} `config_invalid` for a file that cannot be edited, `declined` for what is in the way,
 * `command_not_found` where the tool's own command is needed and not there.
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

/** What would be done for one change. Throws as {@link planConnection}. */
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
  const hasOlder = older !== undefined && await tools.textFile(older).readIfThere() !== undefined;
  const file = tools.textFile(hasOlder ? older : path);
  const before = await file.readIfThere();
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
    files: files.map(tools.textFile),
    look,
    commands,
    ...present({ remark }),
  };
}

/** What somebody else has put there, or has changed, is not fob's to replace. */
async function planFile(
  change: FileChange,
  { tools, record }: ChangeNeeds,
): Promise<Planned | undefined> {
  const { path, text } = change;
  const there = await tools.textFile(path).readIfThere();
  if (there === text) return undefined;
  if (there === undefined) return change;
  if (isOwnFile(record, path, await digestIfThere(there))) return change;
  throw new FobError(
    "declined",
    `"${path}" is there already, and is not as fob would have made it`,
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
  // Fob was elsewhere when the link was made.
  const isOurs = isOwnLink(record, path, await tools.linkTarget(path));
  if (leadsTo === "nothing" || isOurs) {
    const isBeside = place === undefined || place === await tools.ownDirectory();
    return { kind: "link", path, isElsewhere: directory === undefined && !isBeside };
  }
  throw new FobError(
    "declined",
    found === undefined
      ? `"${path}" is there already, and is not fob`
      : `"${found}" is another program, and comes first on PATH`,
  );
}

async function placeFor(name: string, tools: OtherTools): Promise<string> {
  const [place] = await tools.binDirectories();
  if (place !== undefined) return place;
  throw new FobError("declined", `No directory on PATH can take a link "${name}" to fob`, {
    facts: { link: name, target: await tools.ownPath() },
  });
}
