import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import { shownName } from "../text/address.ts";
import { IniDocument } from "../text/ini.ts";
import { nearest } from "../text/nearest.ts";
import { type DatabricksAddress, findAddress } from "./host.ts";

/** A profile of the file that Databricks' tools read, as it stands there. */
export interface DatabricksProfile {
  readonly name: string;
  readonly host?: string;
  readonly accountId?: string;
  /** {@link noWorkspace} says that it is for the account alone. */
  readonly workspaceId?: string;
  /** {@link signedIn} for a person's login; the name of another way to get tokens, or nothing. */
  readonly authType?: string;
  readonly scopes?: readonly string[];
  readonly clientId?: string;
  /** The variable, or the file, that has a program's identity token. */
  readonly identityVariable?: string;
  readonly identityFile?: string;
  /** For whom that is to be issued. */
  readonly audience?: string;
  /** What the SDKs run to get a token. */
  readonly cliPath?: string;
  /** What stands there in clear. */
  readonly token?: Secret;
  readonly clientSecret?: Secret;
  readonly password?: Secret;
}

/** `workspace_id` of a profile that is for an account and for none of its workspaces. */
const noWorkspace = "none";
/** `auth_type` of a profile whose tokens come from a person's login. */
export const signedIn = "databricks-cli";
/** The section that holds settings and is no profile. */
export const settingsSection = "__settings__";
/** The section that answers where no other is named. Keys above any header count as its own. */
export const defaultSection = "DEFAULT";

/** What a person may set for all profiles. */
export type DatabricksSetting = "auth_storage" | "default_profile";

/** `.databrickscfg`, as it was when it was read. Any text is one. */
export class DatabricksProfiles {
  readonly #document: IniDocument;
  /** Where the profiles stand. */
  readonly path: string;

  constructor(text: string, path: string) {
    this.#document = IniDocument.parse(text);
    this.path = path;
  }

  names(): string[] {
    return this.all().map(({ name }) => name);
  }

  /** The sections that say for which host or account they are, in their order. */
  all(): DatabricksProfile[] {
    const sections = this.#document.sections();
    const isInConfigFile = this.#document.has("") && !sections.includes(defaultSection);
    return [...isInConfigFile ? [defaultSection] : [], ...sections]
      .filter((name) => name !== settingsSection)
      .map((name) => readProfile(this.#document, name))
      .filter((profile) => profile !== undefined);
  }

  /** Whether there is a section of that name, whatever it says. */
  has(name: string): boolean {
    return this.#document.has(name) || name === defaultSection && this.#document.has("");
  }

  /** @throws {FobError} `usage` for the name that is reserved. */
  get(name: string): DatabricksProfile | undefined {
    if (name === settingsSection) {
      throw new FobError(
        "usage",
        `${settingsSection} is a reserved section name and cannot be used as a profile`,
      );
    }
    return readProfile(this.#document, name);
  }

  /** @throws {FobError} `unknown_profile` where there is none of that name. */
  require(name: string): DatabricksProfile {
    const profile = this.get(name);
    if (profile !== undefined) return profile;
    const names = this.names().map(shownName);
    const others = names.length === 0 ? "" : `. Available profiles: ${names.join(", ")}`;
    throw new FobError("unknown_profile", `profile "${shownName(name)}" not found${others}`, {
      facts: { near: nearest(shownName(name), names).map((name) => `"${name}"`).join(" or ") },
    });
  }

  setting(name: DatabricksSetting): string | undefined {
    return readKeys(this.#document, settingsSection).get(name);
  }

  /**
   * The profile that answers where nobody names one: what `default_profile` names, or else `DEFAULT` if
   * it has a host. Throws as {@link require} for a `default_profile` that is not there.
   */
  byDefault(): DatabricksProfile | undefined {
    const chosen = this.setting("default_profile");
    if (chosen !== undefined) return this.require(chosen);
    const fallback = this.get(defaultSection);
    return fallback?.host === undefined ? undefined : fallback;
  }
}

/** The keys of a section that have a value, and the value that Databricks' Go tools read. */
export function readKeys(document: IniDocument, section: string): Map<string, string> {
  const above = section === defaultSection ? document.entries("") : [];
  const keys = [...above, ...document.entries(section)];
  return new Map(
    [...new Map(keys)].map(([key, value]): [string, string] => [key, unquoted(value)])
      .filter(([, value]) => value !== ""),
  );
}

/** The Go tools drop one pair of quotes, the Python tools keep them. */
function unquoted(value: string): string {
  return /^(["'])(?:(?!\1).)*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

/**
 * Where the profile is. Its `account_id` and `workspace_id` go before what its `host` says of them;
 * `undefined` for a host that is no address.
 */
export function addressOfProfile(profile: DatabricksProfile): DatabricksAddress | undefined {
  const address = findAddress(profile.host ?? "");
  if (address === undefined) return undefined;
  const accountId = profile.accountId ?? address.accountId;
  const workspaceId = profile.workspaceId ?? address.workspaceId;
  return {
    host: address.host,
    ...present({ accountId }),
    ...(workspaceId === undefined || workspaceId === noWorkspace ? {} : { workspaceId }),
  };
}

function readProfile(document: IniDocument, name: string): DatabricksProfile | undefined {
  const keys = readKeys(document, name);
  if (!keys.has("host") && !keys.has("account_id")) return undefined;
  const field = <K extends string, T>(
    field: K,
    key: string,
    read: (value: string) => T,
  ): { [P in K]?: T } => {
    const value = keys.get(key);
    return value === undefined ? {} : { [field]: read(value) } as { [P in K]: T };
  };
  const text = (value: string): string => value;
  const secret = (value: string): Secret => new Secret(value);
  return {
    name,
    ...field("host", "host", text),
    ...field("accountId", "account_id", text),
    ...field("workspaceId", "workspace_id", text),
    ...field("authType", "auth_type", text),
    ...field("scopes", "scopes", (value) => value.split(/[\s,]+/).filter(Boolean)),
    ...field("clientId", "client_id", text),
    ...field("identityVariable", "oidc_token_env", text),
    ...field("identityFile", "oidc_token_filepath", text),
    ...field("identityFile", "databricks_id_token_filepath", text),
    ...field("audience", "audience", text),
    ...field("cliPath", "databricks_cli_path", text),
    ...field("token", "token", secret),
    ...field("clientSecret", "client_secret", secret),
    ...field("password", "password", secret),
  };
}
