import { readCredential } from "../credentials/envelope.ts";
import { keepLogin, type KeepNeeds } from "../credentials/login.ts";
import { FobError } from "../errors.ts";
import { accountFor, keepEntry } from "../helpers/tool_entry.ts";
import { present } from "../present.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import type { ForeignFile } from "../system/files/foreign_file.ts";
import type { Locks } from "../system/files/locks.ts";
import type { Plan, PlanNeeds, Prospect, Step } from "./plan.ts";
import { cut, prepareRestore, scrub, type Stretch } from "./scrub.ts";
import type { Finding, ForeignText, FoundEntry, Source } from "./source.ts";

/** What a migration needs. */
export interface MigrateNeeds extends KeepNeeds, PlanNeeds {
  /** The copy of a file that somebody else of fob's has made, for one that is changed. */
  readonly copyOf?: (file: ForeignFile) => Promise<ForeignFile>;
}

/**
 * Does what `plan` says: each token is kept, read back and compared. With `remove`, the tokens that are
 * kept then go from the other tool's files. Cut off anywhere, it can be run again. Returns the files that
 * were changed.
 *
 * @throws {FobError} `usage` where a profile is in the way; nothing has been changed then.
 */
export async function migrate(
  { texts, steps }: Plan,
  remove: "remove" | "leave",
  needs: MigrateNeeds,
): Promise<ForeignFile[]> {
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
    `Cannot migrate from ${tool}: there is another login or host under the name ${
      names.map((name) => `"${name}"`).join(", ")
    }`,
    { facts: { example: `fob auth logout ${first} --delete, or name others with --profile` } },
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
): Promise<ForeignFile[]> {
  const changed: ForeignFile[] = [];
  const places = kept.flatMap((finding) => finding.places);
  using _lock = await needs.locks.take(lockName, lockLimit);
  for (const [i, file] of needs.files.entries()) {
    const stretches = places.filter((place) => place.file === file.path);
    const text = texts[i]?.text;
    if (stretches.length === 0 || text === undefined) continue;
    const { separators } = needs.source;
    // First: cut off after it, the next run finds the file's own secrets, and looks at the copy as well.
    await scrubCopy(file, kept, needs);
    await needs.uninterrupted(() =>
      scrub(file, text, stretches, placesIn(file, needs), separators?.tidy)
    );
    changed.push(file);
  }
  return changed;
}

/** What is removed from a file is left in no other copy of fob's. */
async function scrubCopy(
  file: ForeignFile,
  kept: readonly Finding[],
  { source, files, copyOf, clock }: MigrateNeeds,
): Promise<void> {
  const copy = await copyOf?.(file);
  const text = await copy?.read() ?? "";
  if (copy === undefined || text === "") return;
  const texts = files.map(({ path }) => ({ path, text: path === file.path ? text : "" }));
  const stretches = source.find(texts, clock.now())
    .filter(({ secret }) => kept.some((it) => it.secret.equals(secret)))
    .flatMap(({ places }) => places.filter((place) => place.file === file.path));
  const tidy = source.separators?.tidy ?? ((it: string): string => it);
  if (stretches.length > 0) await copy.write(tidy(cut(text, stretches)));
}

/** Who changes other tools' files takes this lock. */
const lockName = "migrate";
/** Milliseconds that a fob waits for another, which needs a few per file. */
const lockLimit = 5_000;

/** What taking a removal back needs. */
export interface UndoNeeds extends Pick<MigrateNeeds, "source" | "files"> {
  readonly locks: Locks;
}

/**
 * Gives back the files that secrets were removed from, byte for byte, and returns them. What fob keeps
 * stays.
 *
 * @throws {FobError} `declined` where one has been changed by somebody else, or there is none; nothing
 * has been changed then.
 */
export async function undoMigration(needs: UndoNeeds): Promise<ForeignFile[]> {
  using _lock = await needs.locks.take(lockName, lockLimit);
  const restores: [ForeignFile, () => Promise<void>][] = [];
  for (const file of needs.files) {
    const restore = await prepareRestore(file, placesIn(file, needs));
    if (restore !== undefined) restores.push([file, restore]);
  }
  if (restores.length === 0) {
    const names = needs.files.map(({ backupPath }) => `"${backupPath}"`).join(" or ");
    throw new FobError("declined", `There is nothing to undo: no ${names}`);
  }
  for (const [, restore] of restores) await restore();
  return restores.map(([file]) => file);
}

/** What the source finds in a text of `file` alone. */
function placesIn(
  file: ForeignFile,
  { source, files }: UndoNeeds,
): (text: string) => readonly Stretch[] {
  return (text) => {
    const texts = files.map(({ path }) => ({ path, text: path === file.path ? text : "" }));
    const places = source.find(texts, 0).flatMap((finding) => finding.places);
    const own = places.filter((place) => place.file === file.path);
    const others = source.separators?.find(text) ?? [];
    const isApart = ({ start, end }: Stretch): boolean =>
      own.every((place) => end <= place.start || place.end <= start);
    return [...own, ...others.filter(isApart)];
  };
}
