import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import type { SecretStore } from "../stores/secret_store.ts";
import type { ChosenMode, StorageMode } from "../stores/storage_mode.ts";
import type { Clock } from "../system/clock.ts";
import type { Environment } from "../system/environment.ts";
import type { Locks } from "../system/files/locks.ts";
import type { UserFile } from "../system/files/user_file.ts";
import type { Profile } from "./profile.ts";

/**
 * The profile file of a platform's own tools, which fob reads in addition to its own. Profiles of that platform
 * are written only to this file. Accessing a source loads and reads nothing.
 */
export interface ProfileSource {
  /** The id of the platform of all its profiles. */
  readonly provider: string;
  /** The name of the tools, for messages. */
  readonly title: string;
  /** The variable with the path of the file. */
  readonly variable: string;
  /** The path of the file. Throws `config_invalid` if it is in the home directory and that is not set. */
  readonly path: (environment: Environment) => string;
  /** Loads the code that reads and writes the file. */
  readonly load: () => Promise<ProfileFormat>;
  /** How the tools store logins, if they have a setting for that. */
  readonly storage?: SourceStorage;
}

/** Reads and writes a profile file: pure functions of its text. */
export interface ProfileFormat {
  /** Parses `text`, which is the text of the file at `path`. */
  readonly read: (text: string, path: string) => ForeignProfiles;
  /** Returns the text with `profile`, written as the tools do after a sign-in. */
  readonly write: (text: string, profile: Profile) => string;
  /** Returns the text without the profile, and without a default setting that names it. */
  readonly remove: (text: string, name: string) => string;
  /** Returns the host, account and workspace in an address. Throws `usage` for an invalid address. */
  readonly readAddress: (address: string) => Pick<Profile, "accountId" | "workspaceId"> & {
    readonly host: string;
  };
  /** The programs that the profiles run to get a token. */
  readonly commands: (text: string) => readonly string[];
}

/** Profiles in another tool's file. */
export interface ForeignProfiles {
  readonly path: string;
  names(): string[];
  get(name: string): Profile | undefined;
  /** Returns the profile for an address. Throws `usage` if there are several. */
  forHost(address: string): Profile | undefined;
  /** The default profile. */
  byDefault(): string | undefined;
  /** The storage setting. */
  authStorage(): string | undefined;
  /** The secret in the file for a profile. */
  secretOf(name: string): Secret | undefined;
}

/** How a platform's tools store logins. fob's own settings take precedence; the tools' settings apply to their profiles only. */
export interface SourceStorage {
  /** The variable, and the key of the profile file, with the setting. */
  readonly variable: string;
  readonly key: string;
  /** The values of the setting. */
  readonly words: Readonly<Record<string, StorageMode>>;
  /** The file with the logins of the mode `legacy`. Throws like {@link ProfileSource.path}. */
  readonly path: (environment: Environment) => string;
  /** Opens that file as a store, with locks that also take the tools' own lock. */
  readonly open: (needs: SourceStorageNeeds) => Promise<OpenedSource>;
  /** Returns the number of logins in the text of that file, or `undefined` if it is invalid. */
  readonly count: (text: string) => Promise<number | undefined>;
}

/** What {@link SourceStorage.open} needs. */
export interface SourceStorageNeeds {
  /** The native path of the file with the logins, and of its directory. */
  readonly path: string;
  readonly directory: string;
  /** The profile file. */
  readonly profileFile: UserFile;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly notice: (text: string) => void;
  /** The setting that forbids plaintext. */
  readonly plaintextRefusedBy?: string;
}

/** The store with the logins of a platform's tools. */
export interface OpenedSource {
  readonly store: SecretStore;
  readonly locks: Locks;
}

/** The error for the mode `legacy` on a credential of a platform without such a file. */
export function legacyRefusal(
  { source }: Pick<ChosenMode, "source">,
  sources: readonly ProfileSource[],
): FobError {
  const titles = sources.filter(({ storage }) => storage !== undefined).map(({ title }) => title);
  return new FobError(
    "config_invalid",
    `Storage mode "legacy" in ${source} is supported only for ${titles.join(" and ")}`,
    { facts: { mode: "legacy", source } },
  );
}

/** A file with profiles: fob's own if `source` is absent. */
export interface ProfileFile extends UserFile {
  readonly source?: ProfileSource;
}

/** The profile file of a source. */
export type SourceFile = ProfileFile & { readonly source: ProfileSource };

/** Profiles in another tool's file, and the platform of that tool. */
export interface ServedProfiles extends ForeignProfiles {
  readonly provider: string;
}
