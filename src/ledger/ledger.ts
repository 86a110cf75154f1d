import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import type { Notes } from "../system/files/notes.ts";
import type { FileAccess, TextFile } from "../system/files/text_file.ts";
import { digestOf } from "../text/digest.ts";

/** The lock for changes of other tools' files and their undo. */
export const ledgerLock = "ledger";

/** The reason for a change of other tools' files. */
export type Purpose = "connect" | "migrate";

/** The suffix of the backups. Each purpose has its own undo, so each has its own backup of a file. */
const suffixes: Readonly<Record<Purpose, string>> = {
  connect: ".connect.fob-backup",
  migrate: ".fob-backup",
};

/** The suffix of the backups in ledgers that do not name one. */
const firstSuffix = ".fob-connect-backup";

/** The backup of `file` from before its first change for `purpose`, with mode 0600. */
export function backupOf(file: TextFile, purpose: Purpose): TextFile {
  return file.beside(suffixes[purpose]);
}

/** The digests of a file before its first change and after its last; absent if there is no file. */
interface TouchedFile {
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

/** The texts of a file before and after a change; `undefined` is no file. */
export interface TextChange {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * The changes that fob made for one purpose and tool, to undo them. Never a secret. `Step` is the type of the
 * purpose's own records. Requires that the caller holds {@link ledgerLock}.
 */
export class Ledger<Step = never> {
  steps: readonly Step[] = [];
  #files: readonly TouchedFile[] = [];
  readonly #purpose: Purpose;
  readonly #name: string;
  readonly #notes: Notes;

  private constructor(purpose: Purpose, tool: string, notes: Notes) {
    this.#purpose = purpose;
    this.#name = `${purpose}:${tool}`;
    this.#notes = notes;
  }

  /** @throws {FobError} `config_invalid` if the note is not a ledger. */
  static async open<Step = never>(
    purpose: Purpose,
    tool: string,
    notes: Notes,
  ): Promise<Ledger<Step>> {
    const ledger = new Ledger<Step>(purpose, tool, notes);
    const text = await notes.read(ledger.#name);
    if (text === undefined || ledger.#parse(text)) return ledger;
    throw new FobError(
      "config_invalid",
      `The record of the changes that fob made for ${tool} is corrupt`,
    );
  }

  /** Reads the note. Its entries are not checked: only fob writes the note, and replaces it as a whole. */
  #parse(text: string): boolean {
    try {
      const { version, files, steps } = JSON.parse(text);
      if (version !== 1 || !Array.isArray(files) || !Array.isArray(steps)) return false;
      [this.#files, this.steps] = [files.map((it) => ({ backup: firstSuffix, ...it })), steps];
      return true;
    } catch {
      return false;
    }
  }

  /** Writes the note, or removes it if there is nothing to undo. */
  async save(): Promise<void> {
    const { steps } = this;
    const ledger = { version: 1, files: this.#files, steps };
    if (this.isEmpty) await this.#notes.remove(this.#name);
    else await this.#notes.write(this.#name, `${JSON.stringify(ledger)}\n`);
  }

  get isEmpty(): boolean {
    return this.#files.length === 0 && this.steps.length === 0;
  }

  /** The paths of the changed files. */
  get paths(): string[] {
    return this.#files.map(({ path }) => path);
  }

  /** Drops the record of the file at `path`. */
  forget({ path }: Pick<TextFile, "path">): void {
    this.#files = this.#files.filter((it) => it.path !== path);
  }

  /**
   * Changes `file`. Makes its backup and notes the change first, so that an interrupted call can be repeated or
   * undone.
   *
   * @throws {FobError} `declined` if another program changes the file, or as {@link prepare}.
   */
  async change(file: TextFile, change: TextChange, access: FileAccess): Promise<void> {
    const { before, after } = change;
    if (await file.readIfExists() !== before) {
      throw new FobError("declined", `"${file.path}" is being changed by another program`);
    }
    await this.prepare(file, before);
    await this.note(file, change);
    await this.save();
    await file.replace(before, after, access);
  }

  /**
   * Keeps `text`, which `file` holds before its first change. Does nothing if it was changed before.
   *
   * @throws {FobError} `declined` if a backup without a record exists: it may be the only copy.
   */
  async prepare(file: TextFile, text: string | undefined): Promise<void> {
    if (text === undefined || this.paths.includes(file.path)) return;
    await this.assertNoStray(file, text);
    await backupOf(file, this.#purpose).overwrite(text);
  }

  /** @throws {FobError} `declined` if `file` has no record, but a backup with another text. */
  async assertNoStray(file: TextFile, text?: string): Promise<void> {
    const backup = backupOf(file, this.#purpose);
    const there = await backup.readIfExists();
    if (there === undefined || there === text) return;
    throw new FobError(
      "declined",
      `fob has no record of its changes to "${file.path}". ` +
        `Restore its backup "${backup.path}" by hand, or move the backup away`,
    );
  }

  /** Notes a change without saving. */
  async note(file: TextFile, change: TextChange): Promise<void> {
    const [from, after] = [await digestIfExists(change.before), await digestIfExists(change.after)];
    const old = this.#touched(file);
    const before = old === undefined ? from : old.before;
    // The last change may be noted but not made, if it was interrupted.
    const isWhole = from === before || (old !== undefined && old.isWhole && isLast(from, old));
    const backup = old?.backup ?? suffixes[this.#purpose];
    this.forget(file);
    const noted = { path: file.path, backup, ...present({ before, after, older: from }), isWhole };
    this.#files = [...this.#files, noted];
  }

  /** Reads a file and its backup; `undefined` if it has no record. */
  async look(file: TextFile): Promise<FoundFile | undefined> {
    const touched = this.#touched(file);
    if (touched === undefined) return undefined;
    const backup = file.beside(touched.backup);
    const [text, original] = [await file.readIfExists(), await backup.readIfExists()];
    const digest = await digestIfExists(text);
    const isBackupWhole = await digestIfExists(original) === touched.before;
    const whole = digest === touched.before
      ? { text }
      : touched.isWhole && isLast(digest, touched) && isBackupWhole
      ? { text: original }
      : undefined;
    return { file, backup, text, original, whole };
  }

  #touched({ path }: TextFile): TouchedFile | undefined {
    return this.#files.find((it) => it.path === path);
  }
}

/** Whether `digest` is that of fob's last change or of the change before it. */
function isLast(digest: string | undefined, { after, older }: TouchedFile): boolean {
  return digest === after || (digest !== undefined && digest === older);
}

/** The digest of a text; `undefined` if there is none. */
export async function digestIfExists(text: string | undefined): Promise<string | undefined> {
  return text === undefined ? undefined : await digestOf(new Secret(text));
}
