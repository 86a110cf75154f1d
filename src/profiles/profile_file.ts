import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import type { UserFile } from "../system/files/user_file.ts";
import { IniDocument, type Statement } from "../text/ini.ts";
import type { Profile } from "./profile.ts";

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

/** Profiles that stand in another tool's file, and that fob serves as well. */
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

/** The profiles, as they were when they were read: fob's own, and behind them those of another tool's file. */
export class Profiles {
  readonly #document: IniDocument;
  readonly #foreign: ForeignProfiles | undefined;
  /** Where fob's own profiles stand. */
  readonly path: string;

  constructor(text: string | IniDocument, path: string, foreign?: ForeignProfiles) {
    this.#document = typeof text === "string" ? IniDocument.parse(text) : text;
    this.#foreign = foreign;
    this.path = path;
  }

  /** These, and behind them those of another tool's file. */
  beside(foreign: ForeignProfiles | undefined): Profiles {
    return foreign === undefined ? this : new Profiles(this.#document, this.path, foreign);
  }

  /** All names; a foreign profile behind one of fob's own of the same name is not reached. */
  names(): string[] {
    return [...new Set([...this.ownNames(), ...this.#foreign?.names() ?? []])];
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
    return chosen ?? (this.ownNames().length > 0 ? undefined : this.#foreign?.byDefault());
  }

  /** The sections that hold rules, in the order of the file. */
  ruleSections(): RuleSection[] {
    if (!this.#document.mentions("[rule")) return [];
    return this.#document.sections().filter(isRule)
      .map((section) => ({ section, statements: this.#document.statements(section) }));
  }

  get(name: string): Profile | undefined {
    if (!this.isOwn(name)) return this.#foreign?.get(name);
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

  /** The profile of the other tool's file that is for an address. */
  foreignForHost(address: string): Profile | undefined {
    return this.#foreign?.forHost(address);
  }

  all(): Profile[] {
    return this.names().map((name) => this.get(name)).filter((profile) => profile !== undefined);
  }

  /** What the other tool's file says of how its credentials are kept, and where. */
  foreignStorage(): { value: string | undefined; path: string } | undefined {
    const foreign = this.#foreign;
    return foreign && { value: foreign.authStorage(), path: foreign.path };
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
  secretOf({ name, stated }: Profile): Secret | undefined {
    return stated && this.#foreign?.secretOf(name);
  }

  setting(name: SettingName): string | undefined {
    return this.#document.get(settingsSection, name) || undefined;
  }
}

/** Whom the profiles are read for: the one that is named, or else the default. */
export interface ProfileWish {
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
