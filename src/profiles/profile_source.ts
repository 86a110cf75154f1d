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
 * The profile file of a platform's own tools, which fob serves beside its own. Profiles of that platform are
 * written there, and to no other file. Looking at a source loads and reads nothing.
 */
export interface ProfileSource {
  /** The id of the platform that all its profiles are for. */
  readonly provider: string;
  /** What people call the tools. */
  readonly title: string;
  /** The variable that names the file. */
  readonly variable: string;
  /** The path of the file. Throws `config_invalid` if it is in a home and there is none. */
  readonly path: (environment: Environment) => string;
  /** Loads what reads and writes the file. */
  readonly load: () => Promise<ProfileFormat>;
  /** How the tools keep logins, if they have a setting for that. */
  readonly storage?: SourceStorage;
}

/** How a profile file is read and written: pure functions of its text. */
export interface ProfileFormat {
  /** The profiles of `text`, which is that of the file at `path`. */
  readonly read: (text: string, path: string) => ForeignProfiles;
  /** The text with `profile`, as the tools themselves write it after a sign-in. */
  readonly write: (text: string, profile: Profile) => string;
  /** The text without the profile, and without a default that names it. */
  readonly remove: (text: string, name: string) => string;
  /** The host and the parts of the platform that an address names. Throws `usage` for what is no address. */
  readonly readAddress: (address: string) => Pick<Profile, "accountId" | "workspaceId"> & {
    readonly host: string;
  };
  /** The programs that the profiles name to be run for a token. */
  readonly commands: (text: string) => readonly string[];
}

/** Profiles in another tool's file. */
export interface ForeignProfiles {
  readonly path: string;
  names(): string[];
  get(name: string): Profile | undefined;
  /** The profile that is for an address; `usage` where there are several. */
  forHost(address: string): Profile | undefined;
  /** The profile that answers there where none is named. */
  byDefault(): string | undefined;
  /** What is said there of how credentials are kept. */
  authStorage(): string | undefined;
  /** The secret that stands there for a profile that is `stated`. */
  secretOf(name: string): Secret | undefined;
}

/** How a platform's tools keep logins: fob's own settings go first, and theirs count for their profiles alone. */
export interface SourceStorage {
  /** The variable, and the key of the profile file, that hold the setting. */
  readonly variable: string;
  readonly key: string;
  /** The words of the setting. */
  readonly words: Readonly<Record<string, StorageMode>>;
  /** The file that the mode `legacy` keeps logins in. Throws as {@link ProfileSource.path}. */
  readonly path: (environment: Environment) => string;
  /** Opens that file as a store, and fob's locks with the tools' own. */
  readonly open: (needs: SourceStorageNeeds) => Promise<OpenedSource>;
  /** The number of logins in the text of that file; `undefined` if it is damaged. */
  readonly count: (text: string) => Promise<number | undefined>;
}

/** What opening the logins of a platform's tools needs. */
export interface SourceStorageNeeds {
  /** The native path of the logins, and of their directory. */
  readonly path: string;
  readonly directory: string;
  /** The file of the profiles. */
  readonly profileFile: UserFile;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly notice: (text: string) => void;
  /** The setting that refuses plaintext. */
  readonly plaintextRefusedBy?: string;
}

/** The logins of a platform's tools. */
export interface OpenedSource {
  readonly store: SecretStore;
  readonly locks: Locks;
}

/** The error that the mode `legacy` is set for credentials of no tool that has such a file. */
export function legacyRefusal(
  { source }: Pick<ChosenMode, "source">,
  sources: readonly ProfileSource[],
): FobError {
  const titles = sources.filter(({ storage }) => storage !== undefined).map(({ title }) => title);
  return new FobError(
    "config_invalid",
    `The storage mode legacy in ${source} is for ${titles.join(" and ")} alone`,
    { facts: { mode: "legacy", source } },
  );
}

/** The file that profiles of a platform are in: fob's own if it has no source. */
export interface ProfileFile extends UserFile {
  readonly source?: ProfileSource;
}

/** The profile file of a source. */
export type SourceFile = ProfileFile & { readonly source: ProfileSource };

/** Profiles in another tool's file, and whose file it is. */
export interface ServedProfiles extends ForeignProfiles {
  readonly provider: string;
}
