import type { KeyringLibraries } from "../../ffi/libsecret.ts";
import type { CommandContext } from "../cli/context.ts";
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
import { findDirectories, profileFilePath } from "../system/files/directories.ts";
import { fileLocks } from "../system/files/locks.ts";
import { userFile } from "../system/files/user_file.ts";
import { deferInterrupts } from "../system/interrupts.ts";
import { systemTerminal } from "../system/terminal.ts";
import { findHome } from "../text/home.ts";
import { openAudit } from "./audit.ts";
import { once } from "./once.ts";
import { machineOf } from "./process.ts";
import { profileSources } from "./profile_sources.ts";
import { toolsOf } from "./programs.ts";
import {
  chooseMode,
  keychainNeeds,
  openInspected,
  openStorage,
  openStores,
  settingIn,
  type StorageNeeds,
} from "./storage.ts";
import { systemOf } from "./system.ts";

/** The services that the groups of the context are built from. */
type BaseServices =
  & Pick<CommandContext["io"], "terminal" | "notice" | "trace">
  & Pick<CommandContext["system"], "environment" | "clock" | "directories" | "locks">
  & Pick<CommandContext["machine"], "version">;

/** The profile files, and their audit log setting once they have been read. */
type ProfileFiles =
  & Pick<StorageNeeds, "profileFile" | "profileSources" | "profiles" | "ownProfiles">
  & { readonly auditSetting: () => Setting };

/** Builds the context. Lazy: its functions open what they need when called. `line` is the command line. */
export function buildContext(
  line: readonly string[],
  version: string,
  keyring?: KeyringLibraries,
): CommandContext {
  const base = openBaseServices(line, version);
  const { terminal, notice, trace } = base;
  const { auditSetting, ...files } = profileFiles(base);
  return {
    io: {
      terminal,
      notice,
      trace,
      audit: openAudit(base, auditSetting),
      transfer: async () => await (await import("./providers.ts")).openTransfer(base),
    },
    system: systemOf(base),
    storage: storageOf({
      ...base,
      ...files,
      uninterrupted: deferInterrupts,
      systemKeychain: once(() =>
        openSystemKeychain({ ...keychainNeeds(base), ...keyring && { keyring } })
      ),
    }),
    providers: providersOf(base),
    tools: toolsOf(base),
    machine: machineOf(base),
  };
}

function openBaseServices(line: readonly string[], version: string): BaseServices {
  // Arguments after `--` belong to another command.
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
    notice,
    trace: verbose ? (text) => say("trace", text) : () => {},
  };
}

function profileFiles(base: BaseServices): ProfileFiles {
  const { environment, locks } = base;
  let auditSetting: Setting = { value: undefined, source: "" };
  const ownFile = once(() => userFile(profileFilePath(environment), locks()));
  const ownProfiles = profilesOf(ownFile);
  const files = new Map(profileSources.map((source) => {
    const { provider, path } = source;
    const file = once((): SourceFile => ({ ...userFile(path(environment), locks()), source }));
    return [provider, file];
  }));
  const reachable = profileSources.filter(({ variable }) =>
    (findHome(environment) ?? environment.get(variable)) !== undefined
  );
  return {
    profileSources,
    profileFile: (profile) => (files.get(profile?.provider ?? "") ?? ownFile)(),
    ownProfiles,
    profiles: async (request) => {
      const own = await ownProfiles();
      const theirs = reachable.flatMap(({ provider }) => files.get(provider)?.() ?? []);
      const profiles = await withSources(own, theirs, request);
      auditSetting = settingIn("audit_log", profiles);
      return profiles;
    },
    auditSetting: () => auditSetting,
  };
}

function storageOf(needs: StorageNeeds): CommandContext["storage"] {
  const { profileFile, profileSources, profiles } = needs;
  const own = once(() => openStorage(undefined, needs));
  const theirs = new Map(
    profileSources.filter(({ storage }) => storage !== undefined)
      .map((source) => [source.provider, once(() => openStorage(source, needs))]),
  );
  return {
    profileFile,
    profileSources,
    profiles,
    open: (profile) => (theirs.get(profile?.provider ?? "") ?? own)(),
    stores: () => openStores(needs),
    inspectedStores: once(() => openInspected(needs)),
    storageMode: async ({ provider }) => {
      const source = profileSources.find((it) => it.provider === provider);
      return chooseMode(source, await profiles(), needs);
    },
  };
}

function providersOf(needs: BaseServices): CommandContext["providers"] {
  const providers = (): Promise<typeof import("./providers.ts")> => import("./providers.ts");
  const { version } = needs;
  return {
    platforms,
    open: async (id) => await (await providers()).openProvider(id, needs),
    identity: async (source, audience) =>
      await (await providers()).askIdentity(source, audience, needs),
    databricksAccess: async (place, token) => {
      const { checkAccess } = await import("../providers/databricks/access.ts");
      return await checkAccess(place, token, { fetch, version, timeLimit: reportLimit });
    },
    databricksLists: async (kind, place, token) => {
      const lists = await import("../providers/databricks/lists.ts");
      const list = kind === "clusters" ? lists.listClusters : lists.listWorkspaces;
      return await list(place, token, { fetch, version, timeLimit: inquiryLimit });
    },
    tokenIssuer: async (provider, host) =>
      await (await providers()).openTokenIssuer(provider, host, needs),
    appCreator: async (provider, ...asked) => {
      const api = platforms.find(({ id }) => id === provider)?.tokenApi;
      return await api?.app?.creator(...asked, { fetch, version });
    },
    secureAddress: async (text, what) => {
      const { requireSecureUrl } = await import("../oauth/secure_url.ts");
      return requireSecureUrl(text, what);
    },
  };
}
