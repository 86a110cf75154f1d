import { FobError } from "../errors.ts";
import { isToolAccount } from "../helpers/tool_entry.ts";
import { accountOf } from "../profiles/profile.ts";
import type { Profiles } from "../profiles/profile_file.ts";
import { legacyRefusal, type ProfileSource } from "../profiles/profile_source.ts";
import { Secret } from "../secret.ts";
import type { Availability, SecretStore } from "../stores/secret_store.ts";
import type { InspectedStores } from "../stores/inspected_stores.ts";
import type { Directories } from "../system/files/directories.ts";
import type { Machine } from "../system/machine.ts";
import { type Check, check, fail, ok, warn } from "./check.ts";
import { findWideDirectory, findWidePlace } from "./files.ts";

/** Dependencies of {@link checkStores}. */
export interface StoreNeeds {
  readonly machine: Machine;
  readonly directories: () => Directories;
  readonly profiles: () => Promise<Profiles>;
  readonly profileSources: readonly ProfileSource[];
  /** The stores, opened for inspection. */
  readonly stores: () => Promise<InspectedStores>;
  /** Runs work that must not be interrupted. */
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The stores and their state, which is determined once. */
interface Opened extends StoreNeeds {
  readonly opened: InspectedStores;
  readonly keychain: Availability;
  /** The store that a login would be written to now, and the reason. */
  readonly target: { readonly store: SecretStore; readonly reason?: string };
}

/** Checks which store is used and why, whether it works, and which logins are in it. */
export async function checkStores(needs: StoreNeeds): Promise<Check[]> {
  let found: Opened | undefined;
  const mode = await check("storage-mode", async () => {
    const opened = await needs.stores();
    const [keychain, target] = [await opened.availability(), await opened.destination()];
    found = { ...needs, opened, keychain, target };
    return checkMode(opened, needs);
  });
  if (found === undefined || mode.state === "fail") return [mode];
  const open = found;
  return [
    mode,
    checkKeychain(open),
    await check("keychain-program", () => checkProgram(open)),
    await check("store", () => checkStore(open)),
    await check("logins", () => checkLogins(open)),
  ];
}

function checkMode(
  { chosen, plaintextRefusedBy }: InspectedStores,
  { profileSources }: StoreNeeds,
): Check {
  const { mode, source, explicit } = chosen;
  if (mode === "legacy") {
    const { message, code, facts } = legacyRefusal(chosen, profileSources);
    return fail("storage-mode", message, code, facts);
  }
  const why = explicit ? `set by ${source}` : "default";
  const refusal = plaintextRefusedBy === undefined
    ? ""
    : `; ${plaintextRefusedBy} forbids plaintext`;
  return ok("storage-mode", `${mode} (${why})${refusal}`);
}

function checkKeychain({ opened, keychain, target }: Opened): Check {
  if (opened.chosen.mode === "plaintext") {
    return ok("keychain", "Not used: logins are stored in the file");
  }
  if (keychain.state === "ready") return ok("keychain", `Unlocked: ${opened.keychain.location}`);
  const refused = opened.plaintextRefusedBy === undefined ? {} : { refused: "yes" };
  const facts = { ...refused, ...("reason" in keychain ? { reason: keychain.reason } : {}) };
  if (target.store === opened.file) {
    const detail = `${keychain.detail}. Logins are stored in a plaintext file`;
    return warn("keychain", detail, "plaintext_used", facts);
  }
  const broken = keychain.state === "broken" ? keychain.error?.code ?? "store_failed" : undefined;
  const code = keychain.state === "locked" ? "store_locked" : broken ?? "store_unavailable";
  return fail("keychain", keychain.detail, code, facts);
}

async function checkProgram({ opened }: Opened): Promise<Check> {
  try {
    const programs = await opened.keychain.programs?.();
    return ok("keychain-program", programs ?? "Unknown program");
  } catch (error) {
    // The keychain check reports the error.
    if (error instanceof FobError) return ok("keychain-program", "No program responds");
    throw error;
  }
}

async function checkStore(open: Opened): Promise<Check> {
  const { opened, keychain, target } = open;
  if (target.store === opened.keychain && keychain.state !== "ready") {
    return warn("store", `Not tested: ${keychain.detail}`, "not_tried");
  }
  const wide = target.store === opened.file ? await findWideDirectory(open) : undefined;
  if (wide !== undefined) {
    return warn("store", `Not tested: it would change the mode of "${wide}"`, "not_tried");
  }
  await open.uninterrupted(async () => {
    await using test = opened.openTestStore(target.store);
    await testStore(test.store);
  });
  const { location } = target.store;
  const where = target.store === opened.file
    ? `beside "${location}" (plaintext)`
    : `in ${location}`;
  return ok("store", `Test entry written, read back and removed ${where}`);
}

/** Writes, reads and deletes a test entry. Its account name is random, so it cannot be that of a profile. */
async function testStore(store: SecretStore): Promise<void> {
  const account = `probe:${crypto.randomUUID()}`;
  const secret = new Secret(crypto.randomUUID());
  await store.assertWritable(account);
  await store.set(account, secret);
  let found: Secret | undefined;
  try {
    found = await store.get(account);
  } finally {
    await store.delete(account);
  }
  if (found === undefined || !found.equals(secret)) {
    throw new FobError("store_failed", "The test entry could not be read back");
  }
  if (await store.get(account) !== undefined) {
    throw new FobError("store_failed", "The test entry could not be removed");
  }
}

/** Checks that each login belongs to a profile. Entries that tools stored need none. */
async function checkLogins(open: Opened): Promise<Check> {
  const wide = await findWidePlace(open);
  if (wide !== undefined) {
    return warn("logins", `Not counted: it would change the mode of "${wide}"`, "not_tried");
  }
  const { opened, keychain, target } = open;
  const isUnavailable = opened.store !== opened.file && keychain.state === "unavailable";
  const noted = isUnavailable ? await opened.noted() : [];
  if (isUnavailable && noted.length > 0) {
    const detail = `Stored in a keychain that is not available (${keychain.detail}): ${
      noted.join(", ")
    }`;
    return fail("logins", detail, "store_unavailable", { reason: keychain.reason, kept: "yes" });
  }
  // Unless the file is used as the fallback, the keychain may contain logins.
  const mayHoldMore = keychain.state === "broken" ||
    (isUnavailable && target.store !== opened.file);
  if (opened.store !== opened.file && mayHoldMore) {
    return warn("logins", `Not counted: ${keychain.detail}`, "not_tried");
  }
  const accounts = isUnavailable ? await opened.file.list() : await opened.store.list();
  const profiles = await open.profiles();
  const known = new Set(profiles.all().map(accountOf));
  const stray = accounts.filter((account) => !known.has(account) && !isToolAccount(account));
  if (stray.length > 0) {
    const detail = `${accounts.length} stored; without a profile: ${stray.join(", ")}`;
    return warn("logins", detail, "login_without_profile", { account: stray[0] ?? "" });
  }
  const own = profiles.all().filter(({ name }) => profiles.ownNames().includes(name));
  const without = own.filter((profile) => !accounts.includes(accountOf(profile)));
  const rest = without.length === 0
    ? ""
    : `; not signed in: ${without.map(({ name }) => name).join(", ")}`;
  return ok("logins", `${accounts.length} stored${rest}`);
}
