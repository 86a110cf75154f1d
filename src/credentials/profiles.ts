import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import type { StorageMode } from "../stores/storage_mode.ts";
import type { UserFile } from "../system/user_file.ts";
import { IniDocument } from "./ini.ts";
import { assertProfileName, type Profile } from "./profile.ts";

/** The section that holds settings and is no profile. */
const settingsSection = "__settings__";

/** The keys of a profile, RFC names where there are any. */
const keys = {
  provider: "provider",
  host: "host",
  issuer: "issuer",
  clientId: "client_id",
  scopes: "scopes",
} as const;

/** The keys under which people put a token into a profile's section. */
const tokenKeys = ["token", "access_token"];

/** What a person may set for all profiles. */
export type SettingName = "auth_storage" | "default_profile" | "no_plaintext";

/** The profile file, as it was when it was read. */
export class Profiles {
  readonly #document: IniDocument;
  /** Where the profiles stand. */
  readonly path: string;

  constructor(text: string, path: string) {
    this.#document = IniDocument.parse(text);
    this.path = path;
  }

  names(): string[] {
    return this.#document.sections().filter((section) => section !== settingsSection);
  }

  get(name: string): Profile | undefined {
    if (!this.names().includes(name)) return undefined;
    const entry = (key: string): string | undefined => this.#document.get(name, key) || undefined;
    return withoutAbsent({
      name,
      provider: entry(keys.provider) ?? "oidc",
      host: entry(keys.host),
      issuer: entry(keys.issuer),
      clientId: entry(keys.clientId),
      scopes: entry(keys.scopes)?.split(/[\s,]+/).filter((scope) => scope !== ""),
    });
  }

  all(): Profile[] {
    return this.names().map((name) => this.get(name)).filter((profile) => profile !== undefined);
  }

  /** The names of the profiles in whose section a person put a token, though profiles hold no secret. */
  namesWithToken(): string[] {
    return this.names().filter((name) => this.tokenOf(name) !== undefined);
  }

  /** The token that stands in the section of `name`. */
  tokenOf(name: string): Secret | undefined {
    const value = tokenKeys.map((key) => this.#document.get(name, key)).find(Boolean);
    return value === undefined ? undefined : new Secret(value);
  }

  setting(name: SettingName): string | undefined {
    return this.#document.get(settingsSection, name) || undefined;
  }
}

/** Reads the profile file. */
export async function readProfiles(file: UserFile): Promise<Profiles> {
  return new Profiles(await file.read(), file.path);
}

/**
 * Writes `profile` to its section: the keys that changed, and no other byte.
 *
 * Returns what takes it back, for when the credential that it is for could not be kept.
 */
export async function saveProfile(profile: Profile, file: UserFile): Promise<() => Promise<void>> {
  assertProfileName(profile.name);
  return await changeUndoably(file, (text) => edited(text, profile));
}

/** Changes `file`, and returns what takes that back as long as nobody has changed it since. */
export async function changeUndoably(
  file: UserFile,
  edit: (text: string) => string,
): Promise<() => Promise<void>> {
  let before = "";
  let after = "";
  await file.change((text) => {
    before = text;
    return after = edit(text);
  });
  return () => file.change((text) => text === after ? before : text);
}

function edited(text: string, profile: Profile): string {
  const document = IniDocument.parse(text);
  const before = new Profiles(text, "").get(profile.name);
  for (const field of Object.keys(keys) as (keyof typeof keys)[]) {
    const value = printed(profile[field]);
    if (value === printed(before?.[field])) continue;
    if (value === undefined) document.unset(profile.name, keys[field]);
    else document.set(profile.name, keys[field], value);
  }
  return document.toString();
}

function printed(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value.join(",") : value;
}

/** Removes the section of the profile called `name`, and the default that names it. */
export async function removeProfile(name: string, file: UserFile): Promise<void> {
  await file.change((text) => {
    const document = IniDocument.parse(text);
    document.removeSection(name);
    if (document.get(settingsSection, "default_profile") === name) {
      document.unset(settingsSection, "default_profile");
    }
    return document.toString();
  });
}

/** Makes the profile called `name` the default. */
export async function setDefaultProfile(name: string, file: UserFile): Promise<void> {
  await file.change((text) => {
    if (new Profiles(text, file.path).get(name) === undefined) {
      throw new FobError("unknown_profile", `There is no profile "${name}"`);
    }
    const document = IniDocument.parse(text);
    document.set(settingsSection, "default_profile", name);
    return document.toString();
  });
}

/** Removes a token from the section of `name`: the one given, or else whichever stands there; and leaves no copy. */
export async function scrubToken(
  name: string,
  token: Secret | undefined,
  file: UserFile,
): Promise<void> {
  await file.scrub((text) => {
    const document = IniDocument.parse(text);
    for (const key of tokenKeys) {
      const value = document.get(name, key);
      if (token === undefined || value === token.reveal()) document.unset(name, key);
    }
    return document.toString();
  });
}

/** Makes `mode` the way in which credentials are kept. */
export async function setStorageMode(mode: StorageMode, file: UserFile): Promise<void> {
  await file.change((text) => {
    const document = IniDocument.parse(text);
    document.set(settingsSection, "auth_storage", mode);
    return document.toString();
  });
}

/** `value` without the fields that are `undefined`, as `exactOptionalPropertyTypes` wants it. */
function withoutAbsent<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const present = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(present) as { [K in keyof T]: Exclude<T[K], undefined> };
}
