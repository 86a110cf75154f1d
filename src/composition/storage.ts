import type { CommandContext } from "../cli/context.ts";
import type { Storage, Stores } from "../credentials/storage.ts";
import { present } from "../present.ts";
import type { Profiles, SettingName } from "../profiles/profile_file.ts";
import { legacyRefusal, type ProfileSource } from "../profiles/profile_source.ts";
import {
  alone,
  type KeychainNeeds,
  openFile,
  openKeychain,
  openStore,
  type OpenStoreNeeds,
} from "../stores/open_store.ts";
import {
  chooseStorageMode,
  type ChosenMode,
  plaintextRefusalSource,
  type Setting,
} from "../stores/storage_mode.ts";
import type { InspectedStores } from "../stores/inspected_stores.ts";
import { directoryOf, nativePath } from "../system/files/paths.ts";
import { entryAt } from "../system/files/private_directory.ts";

/** Dependencies of {@link openStorage}. */
export type StorageNeeds =
  & KeychainContext
  & Pick<CommandContext["system"], "clock" | "directories" | "locks" | "uninterrupted">
  & Pick<CommandContext["storage"], "profileFile" | "profiles" | "profileSources">
  & Pick<OpenStoreNeeds, "systemKeychain">
  & {
    /** The profiles of fob's own file only. */
    readonly ownProfiles: () => Promise<Profiles>;
  };

/** Dependencies of {@link keychainNeeds}. */
type KeychainContext =
  & Pick<CommandContext["machine"], "version">
  & Pick<CommandContext["system"], "environment">
  & Pick<CommandContext["io"], "notice" | "terminal">;

/**
 * Opens the store of the selected mode. Credentials in plaintext are first moved to the keychain if possible.
 * `source` is the tool that defines the storage settings, if any.
 */
export async function openStorage(
  source: ProfileSource | undefined,
  needs: StorageNeeds,
): Promise<Storage> {
  const profiles = source === undefined ? await needs.ownProfiles() : await needs.profiles();
  const chosen = chooseMode(source, profiles, needs);
  if (chosen.mode === "legacy") return await openLegacy(chosen, source, profiles, needs);
  const opened = await openStore(chosen, storeNeeds(profiles, needs));
  const storage = { chosen, locks: needs.locks(), ...opened };
  await migrate(storage, profiles, needs);
  return storage;
}

/** Opens the token cache of a platform's tools, with their lock. */
async function openLegacy(
  chosen: ChosenMode,
  source: ProfileSource | undefined,
  profiles: Profiles,
  needs: StorageNeeds,
): Promise<Storage> {
  if (source?.storage === undefined) throw legacyRefusal(chosen, needs.profileSources);
  const { clock, notice, environment } = needs;
  const path = nativePath(source.storage.path(environment));
  const { plaintextRefusedBy } = storeNeeds(profiles, needs);
  const { store, locks } = await source.storage.open({
    path,
    directory: directoryOf(path),
    profileFile: needs.profileFile(source),
    locks: needs.locks(),
    clock,
    notice,
    ...present({ plaintextRefusedBy }),
  });
  return { chosen, locks, ...alone(store) };
}

/** Moves plaintext credentials to the keychain if it is ready. If there are none, this only checks for the file. */
async function migrate(
  { store, keychain, file }: Storage,
  profiles: Profiles,
  needs: StorageNeeds,
): Promise<void> {
  if (keychain === undefined || file === undefined) return;
  const isDone = profiles.namesWithToken().length === 0 &&
    !isThere(file.location);
  if (isDone || (await keychain.probe()).state !== "ready") return;
  const { migratePlaintext } = await import("../credentials/leave_plaintext.ts");
  await migratePlaintext({
    store,
    keychain,
    file,
    locks: needs.locks(),
    profileFile: needs.profileFile(),
    clock: needs.clock,
    uninterrupted: needs.uninterrupted,
    notice: needs.notice,
  });
}

function isThere(path: string): boolean {
  try {
    return entryAt(path) !== undefined;
  } catch {
    return false;
  }
}

/** The keychain and the plaintext file. */
export async function openStores(needs: StorageNeeds): Promise<Stores> {
  const opening = storeNeeds(await needs.profiles(), needs);
  return { secure: await openKeychain(opening), plaintext: openFile(opening) };
}

/** Opens the stores for inspection: nothing is moved, and no prompt is shown. */
export async function openInspected(needs: StorageNeeds): Promise<InspectedStores> {
  const profiles = await needs.profiles();
  const { openInspectedStores } = await import("../stores/inspected_stores.ts");
  const waitOptions = { interactive: false, onWait: (): void => {} };
  return await openInspectedStores(chooseMode(undefined, profiles, needs), {
    ...storeNeeds(profiles, needs),
    waitOptions,
  });
}

/** The storage mode for the credentials of `source`, or of fob itself, and where it is set. */
export function chooseMode(
  source: ProfileSource | undefined,
  profiles: Profiles,
  needs: Pick<StorageNeeds, "environment">,
): ChosenMode {
  const own = [variable("FOB_AUTH_STORAGE", needs), settingIn("auth_storage", profiles)];
  if (source?.storage === undefined) return chooseStorageMode(own);
  const { storage: { variable: named, key, words }, provider } = source;
  const theirs = profiles.foreignStorage(provider);
  return chooseStorageMode([
    ...own,
    { ...variable(named, needs), words },
    { value: theirs?.value, source: `${key} in "${theirs?.path}"`, words },
  ]);
}

function storeNeeds(profiles: Profiles, needs: StorageNeeds): OpenStoreNeeds {
  const { clock, notice, systemKeychain } = needs;
  const plaintextRefusedBy = plaintextRefusalSource([
    variable("FOB_NO_PLAINTEXT", needs),
    settingIn("no_plaintext", profiles),
  ]);
  return {
    ...keychainNeeds(needs),
    clock,
    notice,
    directory: needs.directories().state,
    systemKeychain,
    ...present({ plaintextRefusedBy }),
  };
}

/** The dependencies of the running system's keychain. */
export function keychainNeeds(
  { version, environment, notice, terminal }: KeychainContext,
): KeychainNeeds {
  // macOS has no such variable: the store asks the system instead.
  const hasScreen = Deno.build.os === "darwin" || environment.get("DISPLAY") !== undefined ||
    environment.get("WAYLAND_DISPLAY") !== undefined;
  return {
    version,
    environment,
    waitOptions: {
      interactive: terminal.canAsk && hasScreen,
      onWait: (what) => notice(`Waiting for ${what}. It may be showing a password prompt`),
    },
  };
}

function variable(name: string, { environment }: Pick<StorageNeeds, "environment">): Setting {
  return { value: environment.get(name), source: name };
}

/** A setting of the profile file, with its source. */
export function settingIn(name: SettingName, profiles: Profiles): Setting {
  return { value: profiles.setting(name), source: `${name} in "${profiles.path}"` };
}
