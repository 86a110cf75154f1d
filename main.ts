/**
 * Builds the real world, runs one command in it, and ends the process. The only place that does either:
 * a native call that was given up on keeps a process alive until `Deno.exit`.
 */
import { readTokenArguments, runToken, type TokenArguments } from "./src/cli/auth_token.ts";
import { readHelperCall } from "./src/cli/helper_call.ts";
import { type OutputForm, outputForm } from "./src/cli/output_form.ts";
import type { World } from "./src/cli/world.ts";
import { databricksConfigPath, tokenCachePath } from "./src/credentials/databricks_paths.ts";
import { type Profiles, readProfiles } from "./src/credentials/profiles.ts";
import type { Storage, Stores } from "./src/credentials/storage.ts";
import { FobError } from "./src/errors.ts";
import { platforms } from "./src/providers/platforms.ts";
import {
  alone,
  openFile,
  openKeychain,
  openStore,
  type OpenStoreNeeds,
} from "./src/stores/open_store.ts";
import {
  chooseStorageMode,
  type ChosenMode,
  databricksModes,
  type Setting,
  whoRefusesPlaintext,
} from "./src/stores/storage_mode.ts";
import type { UntouchedStores } from "./src/stores/untouched_stores.ts";
import { hasBrowser, openBrowser, openers } from "./src/system/browser.ts";
import { systemClock } from "./src/system/clock.ts";
import { findDirectories } from "./src/system/directories.ts";
import { type Environment, systemEnvironment } from "./src/system/environment.ts";
import { deferInterrupts } from "./src/system/interrupts.ts";
import { fileLocks } from "./src/system/locks.ts";
import { directoryOf, join, nameOf, nativePath } from "./src/system/paths.ts";
import { fileNotes } from "./src/system/notes.ts";
import { systemTerminal } from "./src/system/terminal.ts";
import { userFile } from "./src/system/user_file.ts";
import settings from "./deno.json" with { type: "json" };

function buildWorld(line: readonly string[]): World {
  // What stands after `--` is another command's.
  const argv = line.includes("--") ? line.slice(0, line.indexOf("--")) : line;
  const environment = systemEnvironment();
  const clock = systemClock();
  const terminal = systemTerminal(
    !argv.includes("--no-input") && environment.get("CI") === undefined,
    environment.get("TERM"),
  );
  const verbose = argv.includes("--verbose") || argv.includes("-v");
  const said = new Set<string>();
  const isJson = outputForm(argv) === "json";
  const notice = (text: string): void => {
    if (!said.has(text)) terminal.say(isJson ? JSON.stringify({ notice: text }) : `fob: ${text}`);
    said.add(text);
  };
  const directories = once(() => findDirectories(environment));
  const locks = once(() => fileLocks(directories(), clock, notice));
  const ownFile = once(() => {
    const named = environment.get("FOB_CONFIG_FILE");
    const path = named === undefined ? join(directories().config, "config.ini") : nativePath(named);
    return userFile(path, locks());
  });
  const databricksFile = once(() => userFile(databricksConfigPath(environment), locks()));
  const home = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";
  const hasHome =
    (environment.get(home) ?? environment.get("DATABRICKS_CONFIG_FILE")) !== undefined;
  const ownStorage = once(() => openStorage("other", world));
  const databricksStorage = once(() => openStorage("databricks", world));
  const world: World = {
    version: settings.version,
    environment,
    terminal,
    clock,
    startedAt: findStart,
    calledAs: findName,
    directories,
    locks,
    notes: () => fileNotes(directories(), notice),
    parent: Deno.ppid,
    profileFile: (profile) => profile?.provider === "databricks" ? databricksFile() : ownFile(),
    profiles: () => readProfiles(ownFile(), hasHome ? databricksFile() : undefined),
    foreignFile: async (path) => {
      const { foreignFile } = await import("./src/system/foreign_file.ts");
      return foreignFile(nativePath(path));
    },
    platforms,
    storage: (profile) => profile?.provider === "databricks" ? databricksStorage() : ownStorage(),
    stores: () => openStores(world),
    untouchedStores: once(() => openUntouched(world)),
    machine: async () => {
      const { thisMachine } = await import("./src/system/machine.ts");
      return thisMachine(environment);
    },
    openers: () => openers("", environment).map(({ argv }) => [...argv]),
    provider: (id) => openProvider(id, world),
    identity: (source, audience) => askIdentity(source, audience, world),
    databricksAccess: async (place, token) => {
      const { checkAccess } = await import("./src/providers/databricks_access.ts");
      return await checkAccess(place, token, {
        fetch,
        version: settings.version,
        timeLimit: 5_000,
      });
    },
    secureAddress: async (text, what) => {
      const { requireSecureUrl } = await import("./src/oauth/secure_url.ts");
      return requireSecureUrl(text, what);
    },
    uninterrupted: deferInterrupts,
    runProgram: async (program) => (await import("./src/system/child.ts")).runProgram(program),
    otherProgram: (name) => findOther(name, environment),
    passingFolder: async () => {
      const { passingFolder } = await import("./src/system/passing_folder.ts");
      return passingFolder(directories(), clock, notice);
    },
    transfer: openTransfer,
    openBrowser: (url) => openBrowser(url, environment),
    hasBrowser: hasBrowser(environment),
    notice,
    trace: verbose ? (text) => terminal.say(`fob: ${text}`) : () => {},
  };
  return world;
}

/** Whose credentials are kept: Databricks' own settings count for its own alone. */
type Whose = "databricks" | "other";

async function openStorage(whose: Whose, world: World): Promise<Storage> {
  const profiles = await world.profiles();
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
  world: World,
): Promise<Storage> {
  if (whose !== "databricks") {
    throw new FobError(
      "config_invalid",
      `The storage mode legacy in ${chosen.source} is for Databricks alone`,
      { facts: { mode: "legacy", source: chosen.source } },
    );
  }
  const { clock, notice, environment } = world;
  const { TokenCacheFile } = await import("./src/stores/token_cache_file.ts");
  const { withTokenCacheLock } = await import("./src/stores/token_cache_lock.ts");
  const { DatabricksProfiles } = await import("./src/credentials/databricks_profiles.ts");
  const { LegacyStore } = await import("./src/credentials/legacy_store.ts");
  const path = nativePath(tokenCachePath(environment));
  const file = world.profileFile({ provider: "databricks" });
  const { plaintextRefusedBy } = storeNeeds(profiles, world);
  const store = new LegacyStore({
    cache: new TokenCacheFile({ path, clock, notice }),
    profiles: async () => new DatabricksProfiles(await file.read(), file.path),
    notice,
    ...(plaintextRefusedBy === undefined ? {} : { refusedBy: plaintextRefusedBy }),
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
    !await Deno.lstat(file.location).then(() => true, () => false);
  if (isDone || (await keychain.probe()).state !== "ready") return;
  const { migratePlaintext } = await import("./src/credentials/migrate_plaintext.ts");
  await migratePlaintext({
    ...world,
    store,
    keychain,
    file,
    locks: world.locks(),
    profileFile: world.profileFile(),
  });
}

async function openStores(world: World): Promise<Stores> {
  const needs = storeNeeds(await world.profiles(), world);
  return { secure: await openKeychain(needs), plaintext: openFile(needs) };
}

/** The stores to look at: nothing moves, and nobody is asked to unlock anything. */
async function openUntouched(world: World): Promise<UntouchedStores> {
  const profiles = await world.profiles();
  const { openUntouchedStores } = await import("./src/stores/untouched_stores.ts");
  const patience = { interactive: false, onWait: (): void => {} };
  return await openUntouchedStores(chooseMode("other", profiles, world), {
    ...storeNeeds(profiles, world),
    patience,
  });
}

function chooseMode(whose: Whose, profiles: Profiles, world: World): ChosenMode {
  const own = [variable("FOB_AUTH_STORAGE", world), setting("auth_storage", profiles)];
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

function storeNeeds(profiles: Profiles, world: World): OpenStoreNeeds {
  const { version, environment, clock, notice, terminal } = world;
  const plaintextRefusedBy = whoRefusesPlaintext([
    variable("FOB_NO_PLAINTEXT", world),
    setting("no_plaintext", profiles),
  ]);
  // macOS has no such variable: its keychain asks the system.
  const hasScreen = Deno.build.os === "darwin" || environment.get("DISPLAY") !== undefined ||
    environment.get("WAYLAND_DISPLAY") !== undefined;
  return {
    version,
    environment,
    clock,
    notice,
    patience: {
      interactive: terminal.canAsk && hasScreen,
      onWait: (what) => notice(`Waiting for ${what}: it may be asking for its password`),
    },
    directory: world.directories().state,
    ...(plaintextRefusedBy === undefined ? {} : { plaintextRefusedBy }),
  };
}

function variable(name: string, { environment }: World): Setting {
  return { value: environment.get(name), source: name };
}

function setting(name: "auth_storage" | "no_plaintext", profiles: Profiles): Setting {
  return { value: profiles.setting(name), source: `${name} in "${profiles.path}"` };
}

async function openProvider(id: string, world: World): ReturnType<World["provider"]> {
  const platform = platforms.find((known) => known.id === id);
  if (platform === undefined) {
    const valid = [...platforms.map((known) => known.id), "token"].join(", ");
    throw new FobError(
      "config_invalid",
      `Unknown provider "${id.slice(0, 40)}": valid are ${valid}`,
    );
  }
  const { oauthProvider } = await import("./src/providers/oauth_provider.ts");
  const { clock: { now, sleep: pause }, version } = world;
  const needs = { fetch, now, pause, version };
  if (platform.id === "astro") {
    const { astroWays } = await import("./src/providers/astro_server.ts");
    return oauthProvider(platform, needs, astroWays);
  }
  if (platform.id !== "databricks") return oauthProvider(platform, needs);
  const { databricksWays } = await import("./src/providers/databricks_server.ts");
  const front = world.environment.get("DATABRICKS_DISCOVERY_HOST");
  return oauthProvider(
    front === undefined ? platform : { ...platform, front },
    needs,
    databricksWays,
  );
}

async function openTransfer(): ReturnType<World["transfer"]> {
  const { transfer } = await import("./src/system/transfer.ts");
  const { unreachable } = await import("./src/oauth/http.ts");
  return transfer({ fetch, version: settings.version, unreachable });
}

async function askIdentity(
  ...[source, audience, world]: [...Parameters<World["identity"]>, World]
): ReturnType<World["identity"]> {
  const { machineIdentity } = await import("./src/providers/machine_identity.ts");
  const { boundedFetch } = await import("./src/oauth/http.ts");
  const { retryingFetch } = await import("./src/oauth/retry.ts");
  const { absent } = await import("./src/system/private_directory.ts");
  const { clock, version, environment } = world;
  return await machineIdentity(source, audience, {
    get: environment.get,
    fetch: retryingFetch(boundedFetch({ fetch, version }), clock),
    read: (path) => Deno.readTextFile(path).catch(absent),
  });
}

/**
 * When this process was started. Deno's own word for it is the end of its start-up, which on a busy machine
 * is a second later: as long as that, processes that were started together would not look so.
 */
async function findStart(): Promise<number> {
  if (Deno.build.os === "windows") {
    const { processStart } = await import("./ffi/kernel32.ts");
    return Math.min(processStart() ?? Infinity, performance.timeOrigin);
  }
  if (Deno.build.os !== "linux") return performance.timeOrigin;
  const { processAge } = await import("./ffi/libc.ts");
  const age = processAge();
  return age === undefined
    ? performance.timeOrigin
    : Math.min(Date.now() - age, performance.timeOrigin);
}

/** The name of the file, where the system does not tell by which name it was called. */
async function findName(): Promise<string> {
  const called = Deno.build.os === "linux"
    ? (await import("./ffi/libc.ts")).processName("self")
    : undefined;
  return called ?? Deno.execPath().split(/[\\/]/).at(-1) ?? "";
}

/** The program that `PATH` leads to and that is not this one by another name. */
async function findOther(name: string, environment: Environment): Promise<string | undefined> {
  const { findProgram } = await import("./src/system/machine.ts");
  const own = await Deno.realPath(Deno.execPath());
  return await findProgram(
    name,
    environment,
    async (path) => await Deno.realPath(path).catch(() => own) !== own,
  );
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Whether this is what Databricks' tools take for their own command line. */
function isDatabricks(name: string | undefined): boolean {
  return /^databricks(\.exe)?$/i.test(name ?? "");
}

/**
 * Whether to answer as Databricks' CLI does. By which link it was called, costs a library on Linux, so that a
 * token is handed out without asking where no file of Databricks' says that somebody could want one of those.
 */
async function speaksDatabricks(isToken: boolean, world: World): Promise<boolean> {
  if (isDatabricks(nameOf(Deno.execPath()))) return true;
  return (!isToken || await hasDatabricksProfiles(world)) && isDatabricks(await world.calledAs());
}

async function hasDatabricksProfiles({ environment }: World): Promise<boolean> {
  try {
    return (await Deno.stat(nativePath(databricksConfigPath(environment)))).isFile;
  } catch {
    return false;
  }
}

async function runAsDatabricks(argv: readonly string[], world: World): Promise<number> {
  const { runDatabricks } = await import("./src/cli/databricks/program.ts");
  return await runDatabricks(argv, world);
}

async function main(argv: readonly string[]): Promise<number> {
  const token = readTokenArguments(argv);
  const world = buildWorld(argv);
  if (token !== undefined) {
    if (await speaksDatabricks(true, world)) return await runAsDatabricks(argv, world);
    return await reported(() => runTokenAs(argv, token, world), token.output, world);
  }
  const call = await readHelperCall(argv, findName);
  if (call !== undefined) {
    // Nothing that a tool says is an option of fob's, and nobody is to be asked.
    const silent = buildWorld(["--no-input", ...call.options.verbose ? ["--verbose"] : []]);
    const { runHelper } = await import("./src/cli/helper.ts");
    return await reported(() => runHelper(call, silent), "text", silent);
  }
  if (await speaksDatabricks(false, world)) return await runAsDatabricks(argv, world);
  const { run } = await import("./src/cli/program.ts");
  return await run(argv, world);
}

/** Who was called as Databricks' command line tells what went wrong as that does. */
async function runTokenAs(
  argv: readonly string[],
  token: TokenArguments,
  world: World,
): Promise<number> {
  try {
    await runToken(token, world);
    return 0;
  } catch (error) {
    if (isDatabricks(await world.calledAs())) return await runAsDatabricks(argv, world);
    throw error;
  }
}

/** The exit code of `run`, which nothing else reports the errors of. */
async function reported(
  run: () => Promise<number>,
  form: OutputForm = "text",
  { terminal }: World,
): Promise<number> {
  try {
    return await run();
  } catch (error) {
    const { reportError } = await import("./src/cli/report.ts");
    return reportError(error, form, terminal);
  }
}

Deno.exit(await main(Deno.args));
