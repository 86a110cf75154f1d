import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import type { UserFile } from "../system/files/user_file.ts";
import { IniDocument, type Statement } from "../text/ini.ts";
import type { Profile } from "./profile.ts";
import type { ServedProfiles } from "./profile_source.ts";

/** The section with settings, which is not a profile. */
export const settingsSection = "__settings__";

/** The keys of a profile. They are RFC names if an RFC defines one. */
export const profileKeys = {
  provider: "provider",
  host: "host",
  accountId: "account_id",
  workspaceId: "workspace_id",
  issuer: "issuer",
  clientId: "client_id",
  scopes: "scopes",
} as const;

/** The keys under which users put a token into a profile's section. */
export const tokenKeys = ["token", "access_token"];

/** A section with a rule, which is not a profile. */
export interface RuleSection {
  readonly section: string;
  readonly statements: readonly Statement[];
}

function isRule(section: string): boolean {
  return /^rule[\s"]/.test(section);
}

/** Whether a section with that name is a profile. */
function isProfile(section: string): boolean {
  return section !== "" && section !== settingsSection && !isRule(section);
}

/** A setting for all profiles. */
export type SettingName = "audit_log" | "auth_storage" | "default_profile" | "no_plaintext";

/** A snapshot of the profiles: fob's own, then the profiles in other tools' files. */
export class Profiles {
  readonly #document: IniDocument;
  readonly #foreign: readonly ServedProfiles[];
  /** The path of fob's own profile file. */
  readonly path: string;

  constructor(text: string | IniDocument, path: string, foreign: readonly ServedProfiles[] = []) {
    this.#document = typeof text === "string" ? IniDocument.parse(text) : text;
    this.#foreign = foreign;
    this.path = path;
  }

  /** Returns these profiles, followed by the `foreign` ones. */
  beside(foreign: readonly ServedProfiles[]): Profiles {
    return foreign.length === 0 ? this : new Profiles(this.#document, this.path, foreign);
  }

  /** All names, each once. One of fob's own profiles hides a foreign profile with the same name. */
  names(): string[] {
    return [...new Set([...this.ownNames(), ...this.#foreign.flatMap((it) => it.names())])];
  }

  /** The names of the profiles in fob's own file. */
  ownNames(): string[] {
    return this.#document.sections().filter(isProfile);
  }

  /** Whether a profile with that name is in fob's own file. */
  isOwn(name: string): boolean {
    return isProfile(name) && this.#document.has(name);
  }

  /** Whether fob's own file has no section. Does not parse it. */
  isEmpty(): boolean {
    return !this.#document.mentions("[");
  }

  /** The default profile: the setting or, if fob has no profiles of its own, the default of another tool's file. */
  byDefault(): string | undefined {
    const chosen = this.setting("default_profile");
    if (chosen !== undefined || this.ownNames().length > 0) return chosen;
    return firstOf(this.#foreign, (it) => it.byDefault());
  }

  /** The sections with rules, in file order. */
  ruleSections(): RuleSection[] {
    if (!this.#document.mentions("[rule")) return [];
    return this.#document.sections().filter(isRule)
      .map((section) => ({ section, statements: this.#document.statements(section) }));
  }

  get(name: string): Profile | undefined {
    if (!this.isOwn(name)) return this.#foreignProfile(name);
    const entry = (key: string): string | undefined => this.#document.get(name, key) || undefined;
    return present({
      name,
      provider: entry(profileKeys.provider) ?? "oidc",
      host: entry(profileKeys.host),
      accountId: entry(profileKeys.accountId),
      workspaceId: entry(profileKeys.workspaceId),
      issuer: entry(profileKeys.issuer),
      clientId: entry(profileKeys.clientId),
      scopes: entry(profileKeys.scopes)?.split(/[\s,]+/).filter((scope) => scope !== ""),
    });
  }

  /** Returns the profile with that name in another tool's file. Throws the error of an unreadable file if no other file has it. */
  #foreignProfile(name: string): Profile | undefined {
    const failures: unknown[] = [];
    const found = firstOf(this.#foreign, (it) => {
      try {
        return it.get(name);
      } catch (error) {
        return void failures.push(error);
      }
    });
    if (found === undefined && failures.length > 0) throw failures[0];
    return found;
  }

  /** Returns the profile for an address in another tool's file. */
  foreignForHost(address: string): Profile | undefined {
    return firstOf(this.#foreign, (it) => it.forHost(address));
  }

  all(): Profile[] {
    return this.names().map((name) => this.get(name)).filter((profile) => profile !== undefined);
  }

  /** The storage setting in the file of a platform's tools, and the path of that file. */
  foreignStorage(provider: string): { value: string | undefined; path: string } | undefined {
    const foreign = this.#foreign.find((it) => it.provider === provider);
    return foreign && { value: foreign.authStorage(), path: foreign.path };
  }

  /** The paths of the other tools' files. */
  foreignPaths(): string[] {
    return this.#foreign.map(({ path }) => path);
  }

  /** The names of fob's own profiles that contain a token, although profiles must not contain a secret. */
  namesWithToken(): string[] {
    if (!tokenKeys.some((key) => this.#document.mentions(key))) return [];
    return this.ownNames().filter((name) => this.tokenOf(name) !== undefined);
  }

  /** The token in the section of `name`. */
  tokenOf(name: string): Secret | undefined {
    const value = tokenKeys.map((key) => this.#document.get(name, key)).find(Boolean);
    return value === undefined ? undefined : new Secret(value);
  }

  /** The secret of a profile from the other tool's config file, if that contains one. */
  secretOf({ name, provider, configFile }: Profile): Secret | undefined {
    return configFile && this.#foreign.find((it) => it.provider === provider)?.secretOf(name);
  }

  setting(name: SettingName): string | undefined {
    return this.#document.get(settingsSection, name) || undefined;
  }
}

/** Returns the first result of `find`, which is not called for the files after it. */
function firstOf<T>(
  foreign: readonly ServedProfiles[],
  find: (profiles: ServedProfiles) => T | undefined,
): T | undefined {
  for (const profiles of foreign) {
    const found = find(profiles);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The profile the caller wants, if known; otherwise the default. */
export interface ProfileQuery {
  readonly named: string | undefined;
}

/** Returns a function that reads the profiles of `file`, and parses them again only if the text has changed. */
export function profilesOf(file: () => UserFile): () => Promise<Profiles> {
  let last: { readonly text: string; readonly profiles: Profiles } | undefined;
  return async () => {
    const source = file();
    const text = await source.read();
    if (last?.text !== text) last = { text, profiles: new Profiles(text, source.path) };
    return last.profiles;
  };
}

/** Reads the profiles of `file`. */
export async function readProfiles(file: UserFile): Promise<Profiles> {
  return await profilesOf(() => file)();
}
