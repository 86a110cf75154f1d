import { FobError } from "../errors.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Clock } from "../system/clock.ts";
import type { ForeignFile } from "../system/foreign_file.ts";
import type { Locks } from "../system/locks.ts";
import { readCredential } from "./envelope.ts";
import type { Finding, ForeignText, FoundEntry, Obstacle, Source } from "./finding.ts";
import { keepLogin, type KeepNeeds } from "./login.ts";
import { accountOf, type Profile } from "./profile.ts";
import { type Profiles, readProfiles } from "./profiles.ts";
import { cut, prepareRestore, scrub, type Stretch } from "./scrub.ts";
import { accountFor, keepEntry } from "./tool_entry.ts";

/** What a migration needs. */
export interface MigrateNeeds extends KeepNeeds {
  readonly clock: Clock;
  readonly source: Source;
  /** The files of the source, in its order. */
  readonly files: readonly ForeignFile[];
  /** The copy of a file that somebody else of fob's has made, for one that is changed. */
  readonly copyOf?: (file: ForeignFile) => Promise<ForeignFile>;
}

/** What a person wants of a migration. */
export interface Wish {
  /** The profiles to migrate; all of them where it is empty. */
  readonly profiles: readonly string[];
  /** The offers that are taken, by the address under which they are made. */
  readonly take: readonly string[];
}

/** What would become of a secret. */
export type Prospect =
  | { readonly kind: "keep" | "kept" | "clash"; readonly profile: Profile }
  | { readonly kind: "keep" | "kept"; readonly entry: FoundEntry }
  | { readonly kind: "offered"; readonly profile: Profile; readonly address: string }
  | { readonly kind: "refused"; readonly obstacle: Obstacle };

export interface Step {
  readonly finding: Finding;
  readonly prospect: Prospect;
}

/** What a migration would do, in order, and the texts that it was found in. */
export interface Plan {
  readonly texts: readonly ForeignText[];
  readonly steps: readonly Step[];
}

/**
 * What there is to migrate, and what would become of it. Changes nothing.
 *
 * @throws {FobError} `usage` where `wish` names what there is not, or what reading the files throws.
 */
export async function planMigration(wish: Wish, needs: MigrateNeeds): Promise<Plan> {
  const texts = await Promise.all(
    needs.files.map(async (file) => ({ path: file.path, text: await file.read() })),
  );
  const findings = needs.source.find(texts, needs.clock.now());
  assertThere("login", wish.profiles, findings.map(({ profile }) => profile?.name), needs.source);
  assertThere("offer", wish.take, findings.map(({ offeredAs }) => offeredAs), needs.source);
  const wanted = findings.filter(({ profile }) =>
    wish.profiles.length === 0 || (profile !== undefined && wish.profiles.includes(profile.name))
  );
  const profiles = await readProfiles(needs.profileFile);
  const names = new Set<string>();
  const steps: Step[] = [];
  for (const finding of wanted) {
    const prospect = await prospectOf(finding, wish, names, profiles, needs.store);
    if ("profile" in prospect) names.add(prospect.profile.name);
    if ("entry" in prospect) names.add(accountFor(prospect.entry));
    steps.push({ finding, prospect });
  }
  return { texts, steps };
}

function assertThere(
  what: string,
  named: readonly string[],
  known: readonly (string | undefined)[],
  { tool }: Source,
): void {
  const missing = named.find((name) => !known.includes(name));
  if (missing === undefined) return;
  const there = [...new Set(known.filter((name) => name !== undefined))].join(", ") || "none";
  throw new FobError(
    "usage",
    `${tool} has no ${what} "${missing.slice(0, 80)}": there is ${there}`,
    { facts: { example: `fob migrate --from ${tool} --dry-run` } },
  );
}

async function prospectOf(
  finding: Finding,
  { take }: Wish,
  names: ReadonlySet<string>,
  profiles: Profiles,
  store: SecretStore,
): Promise<Prospect> {
  const { profile, entry, obstacle, offeredAs } = finding;
  if (obstacle !== undefined) return { kind: "refused", obstacle };
  if (entry !== undefined) return await prospectOfEntry(finding, entry, names, store);
  if (profile === undefined) return { kind: "refused", obstacle: "no-name" };
  if (offeredAs !== undefined && !take.includes(offeredAs)) {
    return { kind: "offered", profile, address: offeredAs };
  }
  if (names.has(profile.name)) return { kind: "refused", obstacle: "name-taken" };
  return { kind: await standingOf(finding, profile, profiles, store), profile };
}

async function prospectOfEntry(
  { secret }: Finding,
  entry: FoundEntry,
  names: ReadonlySet<string>,
  store: SecretStore,
): Promise<Prospect> {
  const account = accountFor(entry);
  if (names.has(account)) return { kind: "refused", obstacle: "name-taken" };
  const credential = await readCredential(account, store);
  if (credential === undefined) return { kind: "keep", entry };
  const isSame = credential.kind === "pat" && credential.token.equals(secret);
  return isSame ? { kind: "kept", entry } : { kind: "refused", obstacle: "another-kept" };
}

/** Whether the token is yet to be kept, kept already, or would take the place of something else. */
async function standingOf(
  { secret }: Finding,
  profile: Profile,
  profiles: Profiles,
  store: SecretStore,
): Promise<"keep" | "kept" | "clash"> {
  const existing = profiles.get(profile.name);
  if (existing === undefined) return "keep";
  if (existing.provider !== profile.provider || existing.host !== profile.host) return "clash";
  const credential = await readCredential(accountOf(profile), store);
  if (credential === undefined) return "keep";
  const isSame = credential.kind === "pat" && credential.token.equals(secret) &&
    credential.host === profile.host;
  return isSame ? "kept" : "clash";
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
    ...(profile.host === undefined ? {} : { host: profile.host }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
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
    await needs.uninterrupted(() =>
      scrub(file, text, stretches, placesIn(file, needs), separators?.tidy)
    );
    changed.push(file);
    await scrubCopy(file, kept, needs);
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
