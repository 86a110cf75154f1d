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

/** What the checks of the stores need. */
export interface StoreNeeds {
  readonly machine: Machine;
  readonly directories: () => Directories;
  readonly profiles: () => Promise<Profiles>;
  readonly profileSources: readonly ProfileSource[];
  /** The stores, to look at. */
  readonly stores: () => Promise<InspectedStores>;
  /** Runs what must not be stopped half-way. */
  readonly uninterrupted: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The stores, and what is found out about them once. */
interface Opened extends StoreNeeds {
  readonly opened: InspectedStores;
  readonly keychain: Availability;
  /** Where a login would be kept now, and why there. */
  readonly target: { readonly store: SecretStore; readonly reason?: string };
}

/** Which store is used and why, whether it works, and which logins are in it. */
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
  const why = explicit ? `asked for by ${source}` : "as nothing asks for another";
  const refusal = plaintextRefusedBy === undefined
    ? ""
    : `; ${plaintextRefusedBy} refuses plaintext`;
  return ok("storage-mode", `${mode}, ${why}${refusal}`);
}

function checkKeychain({ opened, keychain, target }: Opened): Check {
  if (opened.chosen.mode === "plaintext") {
    return ok("keychain", "Not used, as logins are kept in the file");
  }
  if (keychain.state === "ready") return ok("keychain", `Unlocked: ${opened.keychain.location}`);
  const refused = opened.plaintextRefusedBy === undefined ? {} : { refused: "yes" };
  const facts = { ...refused, ...("reason" in keychain ? { reason: keychain.reason } : {}) };
  if (target.store === opened.file) {
    const detail = `${keychain.detail}: logins are kept in a file, in plaintext`;
    return warn("keychain", detail, "plaintext_used", facts);
  }
  const broken = keychain.state === "broken" ? keychain.error?.code ?? "store_failed" : undefined;
  const code = keychain.state === "locked" ? "store_locked" : broken ?? "store_unavailable";
  return fail("keychain", keychain.detail, code, facts);
}

async function checkProgram({ opened }: Opened): Promise<Check> {
  try {
    const programs = await opened.keychain.programs?.();
    return ok("keychain-program", programs ?? "The system does not say what it is");
  } catch (error) {
    // That it cannot be reached has been told: here it only stays unnamed.
    if (error instanceof FobError) return ok("keychain-program", "None answers");
    throw error;
  }
}

async function checkStore(open: Opened): Promise<Check> {
  const { opened, keychain, target } = open;
  if (target.store === opened.keychain && keychain.state !== "ready") {
    return warn("store", `Not tried, as it cannot be used: ${keychain.detail}`, "not_tried");
  }
  const wide = target.store === opened.file ? await findWideDirectory(open) : undefined;
  if (wide !== undefined) {
    return warn("store", `Not tried, as that would tighten the mode of "${wide}"`, "not_tried");
  }
  await open.uninterrupted(async () => {
    await using trial = opened.openTrial(target.store);
    await tryOut(trial.store);
  });
  const { location } = target.store;
  const where = target.store === opened.file
    ? `beside "${location}", which is plaintext`
    : `in ${location}`;
  return ok("store", `A secret of no account was written, read and removed ${where}`);
}

/** The account's name is random, so that it is no profile's. */
async function tryOut(store: SecretStore): Promise<void> {
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
    throw new FobError("store_failed", "What was written could not be read back");
  }
  if (await store.get(account) !== undefined) {
    throw new FobError("store_failed", "What was removed is still there");
  }
}

/** Every login has a profile, or nobody would find it again; but what tools gave, they find. */
async function checkLogins(open: Opened): Promise<Check> {
  const wide = await findWidePlace(open);
  if (wide !== undefined) {
    return warn("logins", `Not counted, as that would tighten the mode of "${wide}"`, "not_tried");
  }
  const { opened, keychain, target } = open;
  const isAway = opened.store !== opened.file && keychain.state === "unavailable";
  const noted = isAway ? await opened.noted() : [];
  if (isAway && noted.length > 0) {
    const detail = `Kept in a keychain that is away (${keychain.detail}): ${noted.join(", ")}`;
    return fail("logins", detail, "store_unavailable", { reason: keychain.reason, kept: "yes" });
  }
  // Where the file does not stand in for it, nothing proves that the keychain holds no login.
  const mayHoldMore = keychain.state === "broken" || (isAway && target.store !== opened.file);
  if (opened.store !== opened.file && mayHoldMore) {
    return warn("logins", `Not counted, as it cannot be used: ${keychain.detail}`, "not_tried");
  }
  const accounts = isAway ? await opened.file.list() : await opened.store.list();
  const profiles = await open.profiles();
  const known = new Set(profiles.all().map(accountOf));
  const stray = accounts.filter((account) => !known.has(account) && !isToolAccount(account));
  if (stray.length > 0) {
    const detail = `${accounts.length} kept, of which no profile names ${stray.join(", ")}`;
    return warn("logins", detail, "login_astray", { account: stray[0] ?? "" });
  }
  const own = profiles.all().filter(({ name }) => profiles.ownNames().includes(name));
  const without = own.filter((profile) => !accounts.includes(accountOf(profile)));
  const rest = without.length === 0
    ? ""
    : `; not signed in: ${without.map(({ name }) => name).join(", ")}`;
  return ok("logins", `${accounts.length} kept${rest}`);
}
