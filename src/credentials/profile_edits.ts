import { FobError } from "../errors.ts";
import { assertProfileName, type Profile } from "../profiles/profile.ts";
import { profileKeys, Profiles, settingsSection, tokenKeys } from "../profiles/profile_file.ts";
import type { ProfileFile, ProfileSource } from "../profiles/profile_source.ts";
import type { Secret } from "../secret.ts";
import type { UserFile } from "../system/files/user_file.ts";
import { IniDocument } from "../text/ini.ts";
import type { MovableMode } from "./storage.ts";

/**
 * Writes `profile` to its section of `file`, the profile file of its provider. Changes only the keys that
 * differ.
 *
 * Returns a function that restores the file, for a credential that could not be stored.
 */
export async function saveProfile(
  profile: Profile,
  file: ProfileFile,
): Promise<() => Promise<void>> {
  assertProfileName(profile.name);
  const { write = edited } = await file.source?.load() ?? {};
  return await changeReversibly(file, (text) => write(text, profile));
}

/** Changes `file` and returns a function that restores it, unless the file has changed since. */
async function changeReversibly(
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
  for (const field of Object.keys(profileKeys) as (keyof typeof profileKeys)[]) {
    const value = printed(profile[field]);
    if (value === printed(before?.[field])) continue;
    if (value === undefined) document.unset(profile.name, profileKeys[field]);
    else document.set(profile.name, profileKeys[field], value);
  }
  return document.toString();
}

function printed(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value.join(",") : value;
}

/**
 * Removes a profile's section from `file`, the profile file of its provider, and the default if it names the
 * profile.
 */
export async function removeProfile(
  { name }: Pick<Profile, "name" | "provider">,
  file: ProfileFile,
): Promise<void> {
  const { remove = withoutProfile } = await file.source?.load() ?? {};
  await file.change((text) => remove(text, name));
}

function withoutProfile(text: string, name: string): string {
  const document = IniDocument.parse(text);
  document.removeSection(name);
  if (document.get(settingsSection, "default_profile") === name) {
    document.unset(settingsSection, "default_profile");
  }
  return document.toString();
}

/**
 * Makes a profile the default in `file`, fob's own profile file. A profile of another tool's file, `source`,
 * need not be in it.
 */
export async function setDefaultProfile(
  { name }: Pick<Profile, "name" | "provider">,
  file: UserFile,
  source?: ProfileSource,
): Promise<void> {
  await file.change((text) => {
    if (source === undefined && new Profiles(text, file.path).get(name) === undefined) {
      throw new FobError("unknown_profile", `Profile "${name}" not found`);
    }
    const document = IniDocument.parse(text);
    document.set(settingsSection, "default_profile", name);
    return document.toString();
  });
}

/** Removes `token`, or any token if that is `undefined`, from the section of `name`, and leaves no copy. */
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

/** Writes `mode` to `file` as the storage mode. */
export async function setStorageMode(mode: MovableMode, file: UserFile): Promise<void> {
  await file.change((text) => {
    const document = IniDocument.parse(text);
    document.set(settingsSection, "auth_storage", mode);
    return document.toString();
  });
}
