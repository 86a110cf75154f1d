import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import type { UserFile } from "../system/files/user_file.ts";
import { IniDocument, type Statement } from "../text/ini.ts";
import type { Profile } from "./profile.ts";
import type { ServedProfiles } from "./profile_source.ts";

/** The section that holds settings and is no profile. */
export const settingsSection = "__settings__";

/** The keys of a profile, RFC names where there are any. */
export const profileKeys = {
  provider: "provider",
  host: "host",
  accountId: "account_id",
  workspaceId: "workspace_id",
  issuer: "issuer",
  clientId: "client_id",
  scopes: "scopes",
} as const;

/** The keys under which people put a token into a profile's section. */
export const tokenKeys = ["token", "access_token"];

/** A section that says which profile answers where, and is no profile. */
export interface RuleSection {
  readonly section: string;
  readonly statements: readonly Statement[];
}

function isRule(section: string): boolean {
  return /^rule[\s"]/.test(section);
}

/** Whether a section of that name is a profile. */
function isProfile(section: string): boolean {
  return section !== "" && section !== settingsSection && !isRule(section);
}

/** What a person may set for all profiles. */
export type SettingName = "audit_log" | "auth_storage" | "default_profile" | "no_plaintext";

/** The profiles, as they were when they were read: fob's own, and behind them those of other tools' files. */
export class Profiles {
  readonly #document: IniDocument;
  readonly #foreign: readonly ServedProfiles[];
  /** Where fob's own profiles stand. */
  readonly path: string;

  constructor(text: string | IniDocument, path: string, foreign: readonly ServedProfiles[] = []) {
    this.#document = typeof text === "string" ? IniDocument.parse(text) : text;
    this.#foreign = foreign;
    this.path = path;
  }

  /** These, and behind them those of other tools' files. */
  beside(foreign: readonly ServedProfiles[]): Profiles {
    return foreign.length === 0 ? this : new Profiles(this.#document, this.path, foreign);
  }

  /** All names; a foreign profile behind one of fob's own of the same name is not reached. */
  names(): string[] {
    return [...new Set([...this.ownNames(), ...this.#foreign.flatMap((it) => it.names())])];
  }

  /** The names of the profiles in fob's own file. */
  ownNames(): string[] {
    return this.#document.sections().filter(isProfile);
  }

  /** Whether a profile of that name is in fob's own file. */
  isOwn(name: string): boolean {
    return isProfile(name) && this.#document.has(name);
  }

  /** Whether there is no profile in fob's own file, as far as can be seen at a glance. */
  isEmpty(): boolean {
    return !this.#document.mentions("[");
  }

  /** What is chosen where nobody names a profile: what is set; or, without profiles of fob's own, there. */
  byDefault(): string | undefined {
    const chosen = this.setting("default_profile");
    if (chosen !== undefined || this.ownNames().length > 0) return chosen;
    return firstOf(this.#foreign, (it) => it.byDefault());
  }

  /** The sections that hold rules, in the order of the file. */
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

  /** The profile of that name in another tool's file. What keeps a file from being read counts if no other has it. */
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

  /** The profile of another tool's file that is for an address. */
  foreignForHost(address: string): Profile | undefined {
    return firstOf(this.#foreign, (it) => it.forHost(address));
  }

  all(): Profile[] {
    return this.names().map((name) => this.get(name)).filter((profile) => profile !== undefined);
  }

  /** What the file of a platform's tools says of how their credentials are kept, and where. */
  foreignStorage(provider: string): { value: string | undefined; path: string } | undefined {
    const foreign = this.#foreign.find((it) => it.provider === provider);
    return foreign && { value: foreign.authStorage(), path: foreign.path };
  }

  /** The other tools' files. */
  foreignPaths(): string[] {
    return this.#foreign.map(({ path }) => path);
  }

  /** The names of the profiles in whose section a person put a token, though profiles hold no secret. */
  namesWithToken(): string[] {
    if (!tokenKeys.some((key) => this.#document.mentions(key))) return [];
    return this.ownNames().filter((name) => this.tokenOf(name) !== undefined);
  }

  /** The token that stands in the section of `name`. */
  tokenOf(name: string): Secret | undefined {
    const value = tokenKeys.map((key) => this.#document.get(name, key)).find(Boolean);
    return value === undefined ? undefined : new Secret(value);
  }

  /** The secret of a profile that is `stated`, as it stands in the other tool's file. */
  secretOf({ name, provider, stated }: Profile): Secret | undefined {
    return stated && this.#foreign.find((it) => it.provider === provider)?.secretOf(name);
  }

  setting(name: SettingName): string | undefined {
    return this.#document.get(settingsSection, name) || undefined;
  }
}

/** The first that `find` finds; no file after it is asked. */
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

/** Whom the profiles are read for: the one that is named, or else the default. */
export interface ProfileQuery {
  readonly named: string | undefined;
}

/** Reads the profiles of `file` when it is called, anew only where the text is another than the last time. */
export function profilesOf(file: () => UserFile): () => Promise<Profiles> {
  let last: { readonly text: string; readonly profiles: Profiles } | undefined;
  return async () => {
    const source = file();
    const text = await source.read();
    if (last?.text !== text) last = { text, profiles: new Profiles(text, source.path) };
    return last.profiles;
  };
}

/** The profiles of `file`. */
export async function readProfiles(file: UserFile): Promise<Profiles> {
  return await profilesOf(() => file)();
}
