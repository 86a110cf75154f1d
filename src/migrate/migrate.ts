import { readCredential } from "../credentials/envelope.ts";
import { keepLogin, type KeepNeeds } from "../credentials/login.ts";
import { FobError } from "../errors.ts";
import { accountFor, keepEntry } from "../helpers/tool_entry.ts";
import { backupOf, type FoundFile, Ledger, ledgerLock } from "../ledger/ledger.ts";
import { ledgerLockLimit } from "../limits.ts";
import { present } from "../present.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import type { Locks } from "../system/files/locks.ts";
import type { Notes } from "../system/files/notes.ts";
import type { TextFile } from "../system/files/text_file.ts";
import { cut, type TextRange } from "./cut.ts";
import type { Plan, PlanNeeds, Prospect, Step } from "./plan.ts";
import type { Finding, ForeignText, FoundEntry, Source } from "./source.ts";

/** Dependencies of a migration. */
export interface MigrateNeeds extends KeepNeeds, PlanNeeds {
  /** Where fob notes what it changes. */
  readonly notes: Notes;
}

/**
 * Carries out `plan`: stores each token, reads it back and compares it. With `remove`, then removes the stored
 * tokens from the other tool's files. If it is interrupted, it can be run again. Returns the changed files.
 *
 * @throws {FobError} `usage` if a profile conflicts; nothing has been changed then.
 */
export async function migrate(
  { texts, steps }: Plan,
  remove: "remove" | "leave",
  needs: MigrateNeeds,
): Promise<TextFile[]> {
  assertNoClash(steps, needs.source);
  const kept: Finding[] = [];
  for (const { finding, prospect } of steps) {
    if (prospect.kind !== "keep" && prospect.kind !== "kept") continue;
    if (prospect.kind === "keep") await keep(finding, prospect, needs);
    kept.push(finding);
  }
  return remove === "remove" ? await removeAll(kept, texts, needs) : [];
}

function assertNoClash(steps: readonly Step[], { tool }: Source): void {
  const names = steps.flatMap(({ prospect }) =>
    prospect.kind === "clash" ? [prospect.profile.name] : []
  );
  const [first] = names;
  if (first === undefined) return;
  throw new FobError(
    "usage",
    `Cannot migrate from ${tool}: fob has another login or host under the name ${
      names.map((name) => `"${name}"`).join(", ")
    }`,
    { facts: { example: `fob auth logout ${first} --delete, or select others with --profile` } },
  );
}

async function keep(
  finding: Finding,
  prospect: Prospect & { kind: "keep" | "kept" | "clash" },
  needs: MigrateNeeds,
): Promise<void> {
  const isProfile = "profile" in prospect;
  const account = isProfile ? accountOf(prospect.profile) : accountFor(prospect.entry);
  await needs.store.assertWritable(account);
  if (isProfile) await keepAsProfile(finding, prospect.profile, needs);
  else await keepAsEntry(finding, prospect.entry, needs);
  const credential = await readCredential(account, needs.store);
  if (credential?.kind === "pat" && credential.token.equals(finding.secret)) return;
  const name = isProfile ? prospect.profile.name : account;
  throw new FobError(
    "store_failed",
    `The token of "${name}" could not be read back from ${needs.store.location}`,
  );
}

async function keepAsEntry(
  { secret }: Finding,
  entry: FoundEntry,
  needs: MigrateNeeds,
): Promise<void> {
  const { store, locks, clock, uninterrupted } = needs;
  await keepEntry({ ...entry, secret }, {
    store: () => Promise.resolve(store),
    locks: () => locks,
    clock,
    uninterrupted,
  });
}

async function keepAsProfile(
  { secret: token, expiresAt }: Finding,
  profile: Profile,
  needs: MigrateNeeds,
): Promise<void> {
  await keepLogin(profile, {
    kind: "pat",
    token,
    obtainedAt: needs.clock.now(),
    ...present({ host: profile.host, expiresAt }),
  }, needs);
}

async function removeAll(
  kept: readonly Finding[],
  texts: readonly ForeignText[],
  needs: MigrateNeeds,
): Promise<TextFile[]> {
  const changed: TextFile[] = [];
  const places = kept.flatMap((finding) => finding.places);
  using _lock = await needs.locks.take(ledgerLock, ledgerLockLimit);
  for (const [i, file] of needs.files.entries()) {
    const ranges = places.filter((place) => place.file === file.path);
    const text = texts[i]?.text;
    if (ranges.length === 0 || text === undefined) continue;
    // The copy is first: if this is interrupted, the next run still finds the secrets and checks the copy.
    await scrubCopy(file, kept, needs);
    await needs.uninterrupted(() => scrub(file, text, ranges, needs));
    changed.push(file);
  }
  return changed;
}

/**
 * Cuts `ranges` out of `text`, the text of `file`.
 *
 * @throws {FobError} `declined` if another program changes the file, or has changed it since the backup.
 */
async function scrub(
  file: TextFile,
  text: string,
  ranges: readonly TextRange[],
  { source, notes }: MigrateNeeds,
): Promise<void> {
  const ledger = await Ledger.open("migrate", source.tool, notes);
  const found = await ledger.look(file);
  // Without its backup, a file is treated as not changed by fob.
  if (found?.original === undefined) ledger.forget(file);
  else assertWhole(found);
  const change = { before: text, after: without(ranges, text, source) };
  await ledger.change(file, change, "private");
}

function assertWhole({ file, backup, whole }: FoundFile): void {
  if (whole !== undefined) return;
  throw new FobError(
    "declined",
    `"${file.path}" has changed since fob removed secrets from it. ` +
      `It and its backup "${backup.path}" were left unchanged`,
  );
}

/** Removes the same secrets from the backup that `fob connect` made of the file. */
async function scrubCopy(
  file: TextFile,
  kept: readonly Finding[],
  { source, files, clock }: MigrateNeeds,
): Promise<void> {
  const copy = backupOf(file, "connect");
  const text = await copy.read();
  if (text === "") return;
  const texts = files.map(({ path }) => ({ path, text: path === file.path ? text : "" }));
  const ranges = source.find(texts, clock.now())
    .filter(({ secret }) => kept.some((it) => it.secret.equals(secret)))
    .flatMap(({ places }) => places.filter((place) => place.file === file.path));
  if (ranges.length > 0) await copy.replace(text, without(ranges, text, source), "private");
}

function without(ranges: readonly TextRange[], text: string, { tidy }: Source): string {
  const rest = cut(text, ranges);
  return tidy === undefined ? rest : tidy(rest);
}

/** Dependencies of {@link undoMigration}. */
export interface UndoNeeds extends Pick<MigrateNeeds, "source" | "files" | "notes"> {
  readonly locks: Locks;
}

/**
 * Restores the files that secrets were removed from, byte for byte, and returns them. The migrated logins stay
 * in fob.
 *
 * @throws {FobError} `declined` if another program has changed one of them, or if no file can be restored;
 * nothing has been changed then.
 */
export async function undoMigration(
  { source, files, notes, locks }: UndoNeeds,
): Promise<TextFile[]> {
  using _lock = await locks.take(ledgerLock, ledgerLockLimit);
  const ledger = await Ledger.open("migrate", source.tool, notes);
  const found = await findChanged(files, ledger);
  if (found.length === 0) throw await nothingToUndo(files, ledger);
  for (const { file, backup, text, whole } of found) {
    if (whole !== undefined && whole.text !== text) await file.replace(text, whole.text, "private");
    await backup.remove();
  }
  for (const file of files) ledger.forget(file);
  await ledger.save();
  return found.map(({ file }) => file);
}

/** The `files` that can be restored. Without a backup, only a file with its original text can. */
async function findChanged(files: readonly TextFile[], ledger: Ledger): Promise<FoundFile[]> {
  const changed: FoundFile[] = [];
  for (const file of files) {
    const found = await ledger.look(file);
    if (found?.original !== undefined) assertWhole(found);
    if (found?.whole !== undefined) changed.push(found);
  }
  return changed;
}

async function nothingToUndo(files: readonly TextFile[], ledger: Ledger): Promise<FobError> {
  for (const file of files) await ledger.assertNoStray(file);
  const names = files.map((file) => `"${backupOf(file, "migrate").path}"`).join(" or ");
  return new FobError("declined", `Nothing to undo: ${names} not found`);
}
