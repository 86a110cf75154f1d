import { FobError } from "../errors.ts";
import { optionalLockLimit } from "../limits.ts";
import { present } from "../present.ts";
import { accountOf, type Profile } from "../profiles/profile.ts";
import { readProfiles } from "../profiles/profile_file.ts";
import type { Secret } from "../secret.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { Clock } from "../system/clock.ts";
import type { Locks } from "../system/files/locks.ts";
import type { UserFile } from "../system/files/user_file.ts";
import { decode, encode } from "./envelope.ts";
import { copy, moveCredentials } from "./move.ts";
import { scrubToken } from "./profile_edits.ts";

/** What {@link migratePlaintext} needs. */
export interface MigrationNeeds {
  /** The keychain. It must be available. */
  readonly keychain: SecretStore;
  /** `credentials.json`, the fallback of the keychain. */
  readonly file: SecretStore;
  /** Both stores as one. */
  readonly store: SecretStore;
  readonly profileFile: UserFile;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
  readonly notice: (text: string) => void;
}

/**
 * Moves plaintext credentials to the keychain and reports each move: the entries of `credentials.json`, and
 * tokens that a person wrote into the profile file. A credential that cannot be moved stays, with a notice;
 * the calling command continues.
 *
 * @throws {FobError} only `interrupted`.
 */
export async function migratePlaintext(needs: MigrationNeeds): Promise<void> {
  await unlessRefused(needs.file.location, needs, () => migrateFile(needs));
  await unlessRefused(needs.profileFile.path, needs, () => migrateProfiles(needs));
}

async function unlessRefused(
  path: string,
  { notice }: MigrationNeeds,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof FobError) || error.code === "interrupted") throw error;
    // Another process uses or moves the credential.
    if (error.code === "lock_timeout") return;
    notice(
      `Could not move the plaintext credentials in "${path}" to the keychain: ${error.message}`,
    );
  }
}

async function migrateFile(needs: MigrationNeeds): Promise<void> {
  const { file, keychain, notice } = needs;
  const { moved, outdated, left } = await moveCredentials({
    ...needs,
    from: file,
    to: keychain,
    lockLimit: optionalLockLimit,
  });
  const [from, to] = [file.location, keychain.location];
  if (moved.length > 0) notice(`Moved ${logins(moved)} from "${from}" to ${to}`);
  if (outdated.length > 0) {
    notice(`Removed ${logins(outdated)} from "${from}": ${to} has a newer version`);
  }
  for (const { message } of left) notice(`${message}. It was left in "${from}"`);
}

function logins(accounts: readonly string[]): string {
  const names = accounts.map((account) => `"${account.slice(account.indexOf(":") + 1)}"`);
  return `the login${names.length === 1 ? "" : "s"} ${names.join(", ")}`;
}

async function migrateProfiles(needs: MigrationNeeds): Promise<void> {
  const profiles = await readProfiles(needs.profileFile);
  for (const name of profiles.namesWithToken()) {
    const profile = profiles.get(name);
    if (profile !== undefined) await migrateProfile(profile, needs);
  }
}

/** Reads the profile file again under the lock, because a sign-out may have removed the token. */
async function migrateProfile(profile: Profile, needs: MigrationNeeds): Promise<void> {
  const { keychain, profileFile, locks, uninterrupted, notice } = needs;
  const { name } = profile;
  using _lock = await locks.take(accountOf(profile), optionalLockLimit);
  const token = (await readProfiles(profileFile)).tokenOf(name);
  if (token === undefined) return;
  const where = `of "${name}" in "${profileFile.path}"`;
  if (/[\p{Cc}\s"']/u.test(token.reveal())) {
    return notice(`The token ${where} is not used: it contains spaces or quotes`);
  }
  await uninterrupted(async () => {
    const isKept = await keepToken(profile, token, needs);
    if (!isKept) return notice(`The token ${where} is not used: "${name}" is already signed in`);
    await scrubToken(name, token, profileFile);
    notice(`Moved the token ${where} to ${keychain.location}`);
  });
}

/**
 * Stores `token` for `profile` and returns whether it is the stored credential. Its age is unknown, so it
 * replaces no other credential.
 */
async function keepToken(
  profile: Profile,
  token: Secret,
  { store, keychain, clock }: MigrationNeeds,
): Promise<boolean> {
  const account = accountOf(profile);
  const there = await store.get(account);
  if (there !== undefined) return holds(there, token, account);
  const { host } = profile;
  const bound = present({ host });
  const credential = { kind: "pat", ...bound, token, obtainedAt: clock.now() } as const;
  await copy(account, encode(credential), keychain);
  return true;
}

/** Whether the entry holds `token`; `false` for an entry that cannot be decoded. */
function holds(entry: Secret, token: Secret, account: string): boolean {
  try {
    const credential = decode(entry, account);
    return credential.kind === "pat" && credential.token.equals(token);
  } catch (error) {
    if (error instanceof FobError) return false;
    throw error;
  }
}
