import type { Source } from "../migrate/source.ts";
import { findProfile } from "../profiles/choose.ts";
import type { Profiles } from "../profiles/profile_file.ts";
import type { Clock } from "../system/clock.ts";
import type { Environment } from "../system/environment.ts";
import type { Directories } from "../system/files/directories.ts";
import type { UserFile } from "../system/files/user_file.ts";
import type { Entry, Machine } from "../system/machine.ts";
import { IniDocument } from "../text/ini.ts";
import { checkAudit } from "./audit.ts";
import { type Check, check, fail, ok, warn } from "./check.ts";
import { checkLeftovers } from "./leftovers.ts";
import { checkRules } from "./rules.ts";

/** Dependencies of {@link checkFiles}. */
export interface FileNeeds {
  readonly machine: Machine;
  readonly directories: () => Directories;
  readonly profileFile: () => UserFile;
  readonly profiles: () => Promise<Profiles>;
  readonly clock: Clock;
  readonly environment: Environment;
  /** The tools with files that fob can change. */
  readonly sources: readonly Source[];
}

/** Dependencies of finding fob's directories. */
type PlaceNeeds = Pick<FileNeeds, "machine" | "directories">;

/** Checks the profile file, the state directory, `credentials.json` and leftover files. */
export async function checkFiles(needs: FileNeeds): Promise<Check[]> {
  return [
    await check("profiles", () => checkProfiles(needs)),
    ...await checkRules(needs),
    await check("profiles-mode", () => checkProfilesMode(needs)),
    await check("state-mode", () => checkStateMode(needs)),
    await check("credentials-mode", () => checkCredentialsMode(needs)),
    await check("leftover-files", () => checkLeftovers(needs)),
    ...await checkAudit(needs),
  ];
}

async function checkProfiles(needs: FileNeeds): Promise<Check> {
  const { environment } = needs;
  const file = needs.profileFile();
  const unread = IniDocument.parse(await file.read()).unreadLines();
  const profiles = await needs.profiles();
  const variable = environment.get("FOB_PROFILE");
  const isUsed = variable !== undefined && environment.get("API_TOKEN") === undefined;
  if (isUsed) findProfile(variable, profiles, "FOB_PROFILE");
  const chosen = profiles.setting("default_profile");
  if (chosen !== undefined && profiles.get(chosen) === undefined) {
    const detail = `The default profile "${chosen}" is not in "${file.path}"`;
    return fail("profiles", detail, "unknown_profile");
  }
  if (unread.length > 0) {
    const lines = `${unread.length === 1 ? "line" : "lines"} ${unread.join(", ")}`;
    const detail = `Cannot parse ${lines} of "${file.path}"`;
    return warn("profiles", detail, "lines_unread", { path: file.path });
  }
  const [own, all] = [profiles.ownNames().length, profiles.names().length];
  const rest = all > own ? `, ${all - own} in "${profiles.foreignPaths().join('" and "')}"` : "";
  return ok("profiles", `${own} in "${file.path}"${rest}`);
}

/** Others may read the file, which contains no secret, but not write it: it decides where tokens are sent. */
async function checkProfilesMode({ profileFile, machine }: FileNeeds): Promise<Check> {
  const { path } = profileFile();
  const entry = await machine.entry(path);
  if (entry === undefined) return ok("profiles-mode", `"${path}" does not exist yet`);
  if (entry.owner !== undefined && entry.owner !== machine.user && entry.owner !== 0) {
    const detail = `"${path}" belongs to another user (uid ${entry.owner})`;
    return fail("profiles-mode", detail, "not_private", { path });
  }
  if (((entry.mode ?? 0) & 0o022) !== 0) {
    const detail = `"${path}" has mode ${octal(entry)}: other users can write to it`;
    return warn("profiles-mode", detail, "mode_too_wide", { path, mode: "go-w" });
  }
  return ok("profiles-mode", `"${path}": ${protection(entry)}`);
}

async function checkStateMode(needs: FileNeeds): Promise<Check> {
  const { machine, directories } = needs;
  const state = directories().state;
  for (const path of privateDirectories(needs)) {
    const entry = await machine.entry(path);
    if (entry === undefined) continue;
    const problem = notOurs("state-mode", path, entry, "directory", machine);
    if (problem !== undefined) return problem;
    if (isWide(entry)) {
      const detail = `"${path}" has mode ${octal(entry)}: other users have access`;
      return fail("state-mode", detail, "mode_too_wide", { path, mode: "700" });
    }
  }
  const entry = await machine.entry(state);
  return ok(
    "state-mode",
    entry ? `"${state}": ${protection(entry)}` : `"${state}" does not exist yet`,
  );
}

async function checkCredentialsMode(needs: FileNeeds): Promise<Check> {
  const path = credentialsPath(needs);
  const entry = await needs.machine.entry(path);
  if (entry === undefined) return ok("credentials-mode", `"${path}" does not exist`);
  const problem = notOurs("credentials-mode", path, entry, "file", needs.machine);
  if (problem !== undefined) return problem;
  if (isWide(entry)) {
    const detail = `"${path}" has mode ${octal(entry)}: other users can read the secrets in it`;
    return fail("credentials-mode", detail, "mode_too_wide", { path, mode: "600" });
  }
  return ok("credentials-mode", `"${path}": ${protection(entry)}`);
}

/** A failed check if fob refuses to use the entry: a link, not a `kind`, or owned by another user. */
function notOurs(
  id: string,
  path: string,
  entry: Entry,
  kind: "file" | "directory",
  { user }: Machine,
): Check | undefined {
  const why = entry.isLink
    ? "is a symbolic link"
    : entry.kind !== kind
    ? `is not a ${kind}`
    : entry.owner !== undefined && entry.owner !== user
    ? `belongs to another user (uid ${entry.owner})`
    : undefined;
  return why === undefined ? undefined : fail(id, `"${path}" ${why}`, "not_private", { path });
}

/**
 * The first of fob's directories with a mode that gives other users access. A check must not use it, because
 * that would change the mode.
 */
export async function findWideDirectory(needs: PlaceNeeds): Promise<string | undefined> {
  return await findWide(privateDirectories(needs), needs);
}

/** Like {@link findWideDirectory}, and also checks `credentials.json`. */
export async function findWidePlace(needs: PlaceNeeds): Promise<string | undefined> {
  return await findWide([...privateDirectories(needs), credentialsPath(needs)], needs);
}

async function findWide(
  paths: readonly string[],
  { machine }: PlaceNeeds,
): Promise<string | undefined> {
  for (const path of paths) {
    const entry = await machine.entry(path);
    if (entry !== undefined && isWide(entry)) return path;
  }
  return undefined;
}

function privateDirectories({ directories }: PlaceNeeds): string[] {
  const { state, runtime } = directories();
  const parents = runtime === undefined ? [state] : [state, runtime];
  return [
    ...parents.flatMap((parent) => [parent, `${parent}/locks`]),
    `${state}/keychain`,
    `${state}/notes`,
  ];
}

function credentialsPath({ directories }: PlaceNeeds): string {
  return `${directories().state}/credentials.json`;
}

/** A clause for a file with secrets that other users can read; empty otherwise. */
export function describeReaders(entry: Entry | undefined): string {
  if (((entry?.mode ?? 0) & 0o044) === 0 || entry === undefined) return "";
  return `, which other users can read (mode ${octal(entry)})`;
}

function isWide({ mode = 0 }: Entry): boolean {
  return (mode & 0o077) !== 0;
}

function octal({ mode = 0 }: Entry): string {
  return mode.toString(8).padStart(4, "0");
}

/** How the entry is protected from other users. */
function protection(entry: Entry): string {
  return entry.mode === undefined
    ? "protected by the access list of the profile directory"
    : `mode ${octal(entry)}`;
}
