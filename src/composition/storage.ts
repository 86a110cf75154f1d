import type { World } from "../cli/context.ts";
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
  type Setting,
  whoRefusesPlaintext,
} from "../stores/storage_mode.ts";
import type { UntouchedStores } from "../stores/untouched_stores.ts";
import { directoryOf, nativePath } from "../system/files/paths.ts";
import { entryAt } from "../system/files/private_directory.ts";

/** The world, the keychain that all of its stores share, and the profiles of fob's own file alone. */
export type StorageWorld = World & Pick<OpenStoreNeeds, "systemKeychain"> & {
  readonly ownProfiles: () => Promise<Profiles>;
};

/** The part of the world that decides how a keychain is asked. */
type KeychainWorld = Pick<World, "version" | "environment" | "notice" | "terminal">;

/**
 * Opens the store that the mode asks for; what lies in plain text and need not, is moved first. `source`: whose
 * own settings count for these credentials.
 */
export async function openStorage(
  source: ProfileSource | undefined,
  world: StorageWorld,
): Promise<Storage> {
  const profiles = source === undefined ? await world.ownProfiles() : await world.profiles();
  const chosen = chooseMode(source, profiles, world);
  if (chosen.mode === "legacy") return await openLegacy(chosen, source, profiles, world);
  const opened = await openStore(chosen, storeNeeds(profiles, world));
  const storage = { chosen, locks: world.locks(), ...opened };
  await migrate(storage, profiles, world);
  return storage;
}

/** The logins of the platform's tools, behind their lock. */
async function openLegacy(
  chosen: ChosenMode,
  source: ProfileSource | undefined,
  profiles: Profiles,
  world: StorageWorld,
): Promise<Storage> {
  if (source?.storage === undefined) throw legacyRefusal(chosen, world.profileSources);
  const { clock, notice, environment } = world;
  const path = nativePath(source.storage.path(environment));
  const { plaintextRefusedBy } = storeNeeds(profiles, world);
  const { store, locks } = await source.storage.open({
    path,
    directory: directoryOf(path),
    profileFile: world.profileFile(source),
    locks: world.locks(),
    clock,
    notice,
    ...present({ plaintextRefusedBy }),
  });
  return { chosen, locks, ...alone(store) };
}

/** Moves what is in plain text to the keychain, once there is one. Done, it costs one look for a file. */
async function migrate(
  { store, keychain, file }: Storage,
  profiles: Profiles,
  world: World,
): Promise<void> {
  if (keychain === undefined || file === undefined) return;
  const isDone = profiles.namesWithToken().length === 0 &&
    !isThere(file.location);
  if (isDone || (await keychain.probe()).state !== "ready") return;
  const { migratePlaintext } = await import("../credentials/leave_plaintext.ts");
  await migratePlaintext({
    ...world,
    store,
    keychain,
    file,
    locks: world.locks(),
    profileFile: world.profileFile(),
  });
}

function isThere(path: string): boolean {
  try {
    return entryAt(path) !== undefined;
  } catch {
    return false;
  }
}

/** Both places that a credential can be in. */
export async function openStores(world: StorageWorld): Promise<Stores> {
  const needs = storeNeeds(await world.profiles(), world);
  return { secure: await openKeychain(needs), plaintext: openFile(needs) };
}

/** The stores to look at: nothing moves, and nobody is asked to unlock anything. */
export async function openUntouched(world: StorageWorld): Promise<UntouchedStores> {
  const profiles = await world.profiles();
  const { openUntouchedStores } = await import("../stores/untouched_stores.ts");
  const patience = { interactive: false, onWait: (): void => {} };
  return await openUntouchedStores(chooseMode(undefined, profiles, world), {
    ...storeNeeds(profiles, world),
    patience,
  });
}

/** The mode that is set for the credentials of `source`, or of all others, and by whom. */
export function chooseMode(
  source: ProfileSource | undefined,
  profiles: Profiles,
  world: World,
): ChosenMode {
  const own = [variable("FOB_AUTH_STORAGE", world), settingIn("auth_storage", profiles)];
  if (source?.storage === undefined) return chooseStorageMode(own);
  const { storage: { variable: named, key, words }, provider } = source;
  const theirs = profiles.foreignStorage(provider);
  return chooseStorageMode([
    ...own,
    { ...variable(named, world), words },
    { value: theirs?.value, source: `${key} in "${theirs?.path}"`, words },
  ]);
}

function storeNeeds(profiles: Profiles, world: StorageWorld): OpenStoreNeeds {
  const { clock, notice, systemKeychain } = world;
  const plaintextRefusedBy = whoRefusesPlaintext([
    variable("FOB_NO_PLAINTEXT", world),
    settingIn("no_plaintext", profiles),
  ]);
  return {
    ...keychainNeeds(world),
    clock,
    notice,
    directory: world.directories().state,
    systemKeychain,
    ...present({ plaintextRefusedBy }),
  };
}

/** What the running system's keychain needs of the world. */
export function keychainNeeds(
  { version, environment, notice, terminal }: KeychainWorld,
): KeychainNeeds {
  // macOS has no such variable: its keychain asks the system.
  const hasScreen = Deno.build.os === "darwin" || environment.get("DISPLAY") !== undefined ||
    environment.get("WAYLAND_DISPLAY") !== undefined;
  return {
    version,
    environment,
    patience: {
      interactive: terminal.canAsk && hasScreen,
      onWait: (what) => notice(`Waiting for ${what}: it may be asking for its password`),
    },
  };
}

function variable(name: string, { environment }: World): Setting {
  return { value: environment.get(name), source: name };
}

/** What is set in the profile file, and where that is. */
export function settingIn(name: SettingName, profiles: Profiles): Setting {
  return { value: profiles.setting(name), source: `${name} in "${profiles.path}"` };
}
