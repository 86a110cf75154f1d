import type { KeyringLibraries } from "../../ffi/libsecret.ts";
import type { World } from "../cli/context.ts";
import { outputForm } from "../cli/ui/output_format.ts";
import { inquiryLimit, reportLimit } from "../limits.ts";
import { profilesOf } from "../profiles/profile_file.ts";
import type { SourceFile } from "../profiles/profile_source.ts";
import { withSources } from "../profiles/served_profiles.ts";
import { platforms } from "../providers/platforms.ts";
import { openSystemKeychain } from "../stores/open_store.ts";
import type { Setting } from "../stores/storage_mode.ts";
import { systemClock } from "../system/clock.ts";
import { systemEnvironment } from "../system/environment.ts";
import { findDirectories } from "../system/files/directories.ts";
import { fileLocks } from "../system/files/locks.ts";
import { fileNotes } from "../system/files/notes.ts";
import { join, nativePath } from "../system/files/paths.ts";
import { userFile } from "../system/files/user_file.ts";
import { deferInterrupts, holdInterrupts, stoppable } from "../system/interrupts.ts";
import { systemTerminal } from "../system/terminal.ts";
import { openAudit } from "./audit.ts";
import { once } from "./once.ts";
import { processWays } from "./process.ts";
import { profileSources } from "./profile_sources.ts";
import { programWays } from "./programs.ts";
import {
  chooseMode,
  keychainNeeds,
  openStorage,
  openStores,
  openUntouched,
  settingIn,
  type StorageWorld,
} from "./storage.ts";

/** The part of the world that needs no other. */
type Surroundings = Pick<
  World,
  | "version"
  | "environment"
  | "terminal"
  | "clock"
  | "directories"
  | "locks"
  | "notes"
  | "notice"
  | "trace"
>;

/** The real world, as functions that open what is asked for: nothing is opened yet. `line`: the command line. */
export function buildWorld(
  line: readonly string[],
  version: string,
  keyring?: KeyringLibraries,
): StorageWorld {
  const around = lookAround(line, version);
  const world: StorageWorld = {
    ...around,
    systemKeychain: once(() =>
      openSystemKeychain({ ...keychainNeeds(around), ...keyring && { keyring } })
    ),
    ...profileFiles(around),
    ...storageWays(() => world),
    ...networkWays(() => world),
    ...processWays(around),
    ...programWays(around),
    uninterrupted: deferInterrupts,
    stoppable,
    holdInterrupts,
    platforms,
  };
  return world;
}

function lookAround(line: readonly string[], version: string): Surroundings {
  // What stands after `--` is another command's.
  const argv = line.includes("--") ? line.slice(0, line.indexOf("--")) : line;
  const environment = systemEnvironment();
  const clock = systemClock();
  const terminal = systemTerminal(
    !argv.includes("--no-input") && environment.get("CI") === undefined,
    environment,
  );
  const verbose = argv.includes("--verbose") || argv.includes("-v");
  const said = new Set<string>();
  const isJson = outputForm(argv) === "json";
  const say = (kind: "notice" | "trace", text: string): void =>
    terminal.say(isJson ? JSON.stringify({ [kind]: text }) : `fob: ${text}`);
  const notice = (text: string): void => {
    if (!said.has(text)) say("notice", text);
    said.add(text);
  };
  const directories = once(() => findDirectories(environment));
  return {
    version,
    environment,
    terminal,
    clock,
    directories,
    locks: once(() => fileLocks(directories(), clock, notice)),
    notes: () => fileNotes(directories(), notice),
    notice,
    trace: verbose ? (text) => say("trace", text) : () => {},
  };
}

function profileFiles(
  around: Surroundings,
): Pick<
  StorageWorld,
  "profileFile" | "profileSources" | "profiles" | "ownProfiles" | "foreignFile" | "audit"
> {
  const { environment, directories, locks } = around;
  let auditSetting: Setting = { value: undefined, source: "" };
  const ownFile = once(() => {
    const named = environment.get("FOB_CONFIG_FILE");
    const path = named === undefined ? join(directories().config, "config.ini") : nativePath(named);
    return userFile(path, locks());
  });
  const ownProfiles = profilesOf(ownFile);
  const home = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  const files = new Map(profileSources.map((source) => {
    const { provider, path } = source;
    const file = once((): SourceFile => ({ ...userFile(path(environment), locks()), source }));
    return [provider, file];
  }));
  const reachable = profileSources.filter(({ variable }) =>
    (environment.get(home) ?? environment.get(variable)) !== undefined
  );
  return {
    profileSources,
    profileFile: (profile) => (files.get(profile?.provider ?? "") ?? ownFile)(),
    ownProfiles,
    profiles: async (wish) => {
      const own = await ownProfiles();
      const theirs = reachable.flatMap(({ provider }) => files.get(provider)?.() ?? []);
      const profiles = await withSources(own, theirs, wish);
      auditSetting = settingIn("audit_log", profiles);
      return profiles;
    },
    audit: openAudit(around, () => auditSetting),
    foreignFile: async (path) => {
      const { textFile } = await import("../system/files/text_file.ts");
      return textFile(nativePath(path));
    },
  };
}

function storageWays(
  world: () => StorageWorld,
): Pick<World, "storage" | "stores" | "untouchedStores" | "storageMode"> {
  const own = once(() => openStorage(undefined, world()));
  const theirs = new Map(
    profileSources.filter(({ storage }) => storage !== undefined)
      .map((source) => [source.provider, once(() => openStorage(source, world()))]),
  );
  return {
    storage: (profile) => (theirs.get(profile?.provider ?? "") ?? own)(),
    stores: () => openStores(world()),
    untouchedStores: once(() => openUntouched(world())),
    storageMode: async ({ provider }) => {
      const source = profileSources.find((it) => it.provider === provider);
      return chooseMode(source, await world().profiles(), world());
    },
  };
}

function networkWays(
  world: () => World,
): Pick<
  World,
  | "provider"
  | "identity"
  | "databricksAccess"
  | "databricksLists"
  | "tokenIssuer"
  | "appCreator"
  | "secureAddress"
  | "transfer"
> {
  const providers = (): Promise<typeof import("./providers.ts")> => import("./providers.ts");
  return {
    provider: async (id) => await (await providers()).openProvider(id, world()),
    identity: async (source, audience) =>
      await (await providers()).askIdentity(source, audience, world()),
    databricksAccess: async (place, token) => {
      const { checkAccess } = await import("../providers/databricks/access.ts");
      const { version } = world();
      return await checkAccess(place, token, { fetch, version, timeLimit: reportLimit });
    },
    databricksLists: async (kind, place, token) => {
      const lists = await import("../providers/databricks/lists.ts");
      const list = kind === "clusters" ? lists.listClusters : lists.listWorkspaces;
      return await list(place, token, { fetch, version: world().version, timeLimit: inquiryLimit });
    },
    tokenIssuer: async (provider, host) =>
      await (await providers()).openTokenIssuer(provider, host, world()),
    appCreator: async (provider, ...asked) => {
      const { platforms, version } = world();
      const api = platforms.find(({ id }) => id === provider)?.tokenApi;
      return await api?.app?.creator(...asked, { fetch, version });
    },
    secureAddress: async (text, what) => {
      const { requireSecureUrl } = await import("../oauth/secure_url.ts");
      return requireSecureUrl(text, what);
    },
    transfer: async () => await (await providers()).openTransfer(world()),
  };
}
