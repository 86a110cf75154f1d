import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import type { Notes } from "../system/files/notes.ts";
import type { FileAccess, TextFile } from "../system/files/text_file.ts";
import { digestOf } from "../text/digest.ts";
import { backupOf, backupSuffixes, type Purpose } from "./backup.ts";

/** What fob has changed for one purpose and tool, to undo it. Never a secret. `Step` is what the purpose adds. */
export interface Ledger<Step = never> {
  readonly version: 1;
  readonly files: readonly TouchedFile[];
  readonly steps: readonly Step[];
}

/** The digests of a file before its first change and after its last; absent if there is no file. */
export interface TouchedFile {
  readonly path: string;
  /** The suffix of its backup. */
  readonly backup: string;
  readonly before?: string;
  readonly after?: string;
  /** The digest that `after` replaces: the last change may be noted and not made. */
  readonly older?: string;
  /** Whether only fob has changed it since the first change. */
  readonly isWhole: boolean;
}

/** The purpose and the tool that a ledger is for. */
export interface Owner {
  readonly purpose: Purpose;
  readonly tool: string;
}

/** The lock of everyone who changes files of other tools, or undoes that. */
export const ledgerLock = "ledger";

/** The suffix of the backups in ledgers that do not name one. */
const firstSuffix = ".fob-connect-backup";

/**
 * The ledger of `owner`; an empty one if there is none.
 *
 * @throws {FobError} `config_invalid` if the note is not a ledger.
 */
export async function readLedger<Step>(owner: Owner, notes: Notes): Promise<Ledger<Step>> {
  const text = await notes.read(nameOf(owner));
  if (text === undefined) return { version: 1, files: [], steps: [] };
  const ledger = parse<Step>(text);
  if (ledger !== undefined) return ledger;
  throw new FobError(
    "config_invalid",
    `What fob has noted of its changes for ${owner.tool} is broken`,
  );
}

/** Only fob writes it, and replaces it whole. */
function parse<Step>(text: string): Ledger<Step> | undefined {
  try {
    const { version, files, steps } = JSON.parse(text);
    if (version !== 1 || !Array.isArray(files) || !Array.isArray(steps)) return undefined;
    return { version, files: files.map((it) => ({ backup: firstSuffix, ...it })), steps };
  } catch {
    return undefined;
  }
}

/** Notes `ledger` in place of the one before; removes the note if the ledger is empty. */
export async function writeLedger<Step>(
  owner: Owner,
  ledger: Ledger<Step>,
  notes: Notes,
): Promise<void> {
  const isEmpty = ledger.files.length === 0 && ledger.steps.length === 0;
  if (isEmpty) await notes.remove(nameOf(owner));
  else await notes.write(nameOf(owner), `${JSON.stringify(ledger)}\n`);
}

/** The entry of `file`. */
export function touchedIn<Step>(
  { files }: Ledger<Step>,
  { path }: Pick<TextFile, "path">,
): TouchedFile | undefined {
  return files.find((it) => it.path === path);
}

/** `ledger` without the entry of `file`. */
export function forget<Step>(
  ledger: Ledger<Step>,
  { path }: Pick<TextFile, "path">,
): Ledger<Step> {
  return { ...ledger, files: ledger.files.filter((it) => it.path !== path) };
}

/** The texts of a file before and after a change; `undefined` is no file. */
export interface FileChange {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Changes `file`. Its backup is made and `ledger` with the change is noted before, so that this can be cut off
 * anywhere, and done again or undone.
 *
 * @throws {FobError} `declined` if another program changes the file, or as {@link backUp}.
 */
export async function changeFile<Step>(
  ledger: Ledger<Step>,
  file: TextFile,
  change: FileChange,
  { owner, notes, access }: {
    readonly owner: Owner;
    readonly notes: Notes;
    readonly access: FileAccess;
  },
): Promise<void> {
  if (await file.readIfThere() !== change.before) {
    throw new FobError("declined", `"${file.path}" is being changed by another program`);
  }
  await backUp(ledger, file, change.before, owner);
  await writeLedger(owner, await noteFile(ledger, file, change, owner), notes);
  await file.replace(change.before, change.after, access);
}

/**
 * Keeps `text`, which `file` holds before its first change. Does nothing if `file` has an entry.
 *
 * @throws {FobError} `declined` if another backup exists without an entry: it may be the only copy.
 */
export async function backUp<Step>(
  ledger: Ledger<Step>,
  file: TextFile,
  text: string | undefined,
  owner: Owner,
): Promise<void> {
  if (text === undefined || touchedIn(ledger, file) !== undefined) return;
  await assertNoStray(file, owner, text);
  await backupOf(file, owner.purpose).overwrite(text);
}

/**
 * @throws {FobError} `declined` if a backup of `file`, which must have no entry, has another text than `text`.
 */
export async function assertNoStray(
  file: TextFile,
  { purpose }: Owner,
  text?: string,
): Promise<void> {
  const backup = backupOf(file, purpose);
  const there = await backup.readIfThere();
  if (there === undefined || there === text) return;
  throw new FobError(
    "declined",
    `fob has not noted what it changed in "${file.path}": ` +
      `restore its backup "${backup.path}" by hand, or move it away`,
  );
}

/** `ledger` with a change of `file`. */
export async function noteFile<Step>(
  ledger: Ledger<Step>,
  file: TextFile,
  change: FileChange,
  { purpose }: Owner,
): Promise<Ledger<Step>> {
  const [from, to] = [await digestIfThere(change.before), await digestIfThere(change.after)];
  const old = touchedIn(ledger, file);
  const noted = {
    path: file.path,
    backup: old?.backup ?? backupSuffixes[purpose],
    ...present({ before: old === undefined ? from : old.before, after: to, older: from }),
    // A change that was noted and then cut off has not been made.
    isWhole: old === undefined || from === old.before || (old.isWhole && isLast(from, old)),
  };
  return { ...ledger, files: [...forget(ledger, file).files, noted] };
}

/** Whether a text with that digest is from the last change by fob or from the one before. */
function isLast(digest: string | undefined, { after, older }: TouchedFile): boolean {
  return digest === after || (digest !== undefined && digest === older);
}

/** A file that fob has changed, with its text now and before. */
export interface FoundFile {
  readonly file: TextFile;
  readonly backup: TextFile;
  readonly text: string | undefined;
  /** The text of the backup. */
  readonly original: string | undefined;
  /** The text before the first change; `undefined` if another program has changed the file since. */
  readonly whole: { readonly text: string | undefined } | undefined;
}

/** Reads a file that fob has changed, and its backup. */
export async function lookAt(touched: TouchedFile, file: TextFile): Promise<FoundFile> {
  const backup = file.beside(touched.backup);
  const [text, original] = [await file.readIfThere(), await backup.readIfThere()];
  const digest = await digestIfThere(text);
  const isBackupWhole = await digestIfThere(original) === touched.before;
  const whole = digest === touched.before
    ? { text }
    : touched.isWhole && isLast(digest, touched) && isBackupWhole
    ? { text: original }
    : undefined;
  return { file, backup, text, original, whole };
}

/** The digest of a text; `undefined` if there is none. */
export async function digestIfThere(text: string | undefined): Promise<string | undefined> {
  return text === undefined ? undefined : await digestOf(new Secret(text));
}

function nameOf({ purpose, tool }: Owner): string {
  return `${purpose}:${tool}`;
}
