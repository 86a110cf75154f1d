import type { World } from "../cli/context.ts";
import type { Storage, Stores } from "../credentials/storage.ts";
import { tokenCachePath } from "../databricks/paths.ts";
import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import type { Profiles, SettingName } from "../profiles/profile_file.ts";
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
  databricksModes,
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

/** Whose credentials are kept: Databricks' own settings count for its own alone. */
export type Whose = "databricks" | "other";

/** Opens the store that the mode asks for; what lies in plain text and need not, is moved first. */
export async function openStorage(whose: Whose, world: StorageWorld): Promise<Storage> {
  const profiles = whose === "databricks" ? await world.profiles() : await world.ownProfiles();
  const chosen = chooseMode(whose, profiles, world);
  if (chosen.mode === "legacy") return await openLegacy(chosen, whose, profiles, world);
  const opened = await openStore(chosen, storeNeeds(profiles, world));
  const storage = { chosen, locks: world.locks(), ...opened };
  await migrate(storage, profiles, world);
  return storage;
}

/** The token cache that Databricks' tools share, behind its lock. */
async function openLegacy(
  chosen: ChosenMode,
  whose: Whose,
  profiles: Profiles,
  world: StorageWorld,
): Promise<Storage> {
  if (whose !== "databricks") {
    throw new FobError(
      "config_invalid",
      `The storage mode legacy in ${chosen.source} is for Databricks alone`,
      { facts: { mode: "legacy", source: chosen.source } },
    );
  }
  const { clock, notice, environment } = world;
  const { TokenCacheFile } = await import("../stores/token_cache_file.ts");
  const { withTokenCacheLock } = await import("../stores/token_cache_lock.ts");
  const { DatabricksProfiles } = await import("../databricks/config_file.ts");
  const { LegacyStore } = await import("../credentials/token_cache_store.ts");
  const path = nativePath(tokenCachePath(environment));
  const file = world.profileFile({ provider: "databricks" });
  const { plaintextRefusedBy } = storeNeeds(profiles, world);
  const store = new LegacyStore({
    cache: new TokenCacheFile({ path, clock, notice }),
    profiles: async () => new DatabricksProfiles(await file.read(), file.path),
    notice,
    ...present({ refusedBy: plaintextRefusedBy }),
  });
  const directory = directoryOf(path);
  return {
    chosen,
    locks: withTokenCacheLock(world.locks(), { directory, clock, notice }),
    ...alone(store),
  };
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
  return await openUntouchedStores(chooseMode("other", profiles, world), {
    ...storeNeeds(profiles, world),
    patience,
  });
}

/** The mode that is set for these credentials, and by whom. */
export function chooseMode(whose: Whose, profiles: Profiles, world: World): ChosenMode {
  const own = [variable("FOB_AUTH_STORAGE", world), settingIn("auth_storage", profiles)];
  if (whose !== "databricks") return chooseStorageMode(own);
  const theirs = profiles.foreignStorage();
  return chooseStorageMode([
    ...own,
    { ...variable("DATABRICKS_AUTH_STORAGE", world), words: databricksModes },
    {
      value: theirs?.value,
      source: `auth_storage in "${theirs?.path}"`,
      words: databricksModes,
    },
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
