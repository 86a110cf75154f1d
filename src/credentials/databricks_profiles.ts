import { FobError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { type DatabricksAddress, inMessage, readAddress } from "./databricks_host.ts";
import { IniDocument } from "./ini.ts";
import { nearest } from "./nearest.ts";

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
  /** What the SDKs run to get a token. */
  readonly cliPath?: string;
  /** What stands there in clear. */
  readonly token?: Secret;
  readonly clientSecret?: Secret;
  readonly password?: Secret;
}

/** `workspace_id` of a profile that is for an account and for none of its workspaces. */
export const noWorkspace = "none";
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
    const isStated = this.#document.has("") && !sections.includes(defaultSection);
    return [...isStated ? [defaultSection] : [], ...sections]
      .filter((name) => name !== settingsSection)
      .map((name) => readProfile(this.#document, name))
      .filter(({ host, accountId }) => host !== undefined || accountId !== undefined);
  }

  /** @throws {FobError} `usage` for the name that is reserved. */
  get(name: string): DatabricksProfile | undefined {
    if (name === settingsSection) {
      throw new FobError(
        "usage",
        `${settingsSection} is a reserved section name and cannot be used as a profile`,
      );
    }
    return this.all().find((profile) => profile.name === name);
  }

  /** @throws {FobError} `unknown_profile` where there is none of that name. */
  require(name: string): DatabricksProfile {
    const profile = this.get(name);
    if (profile !== undefined) return profile;
    const names = this.names().map(inMessage);
    const others = names.length === 0 ? "" : `. Available profiles: ${names.join(", ")}`;
    throw new FobError("unknown_profile", `profile "${inMessage(name)}" not found${others}`, {
      facts: { near: nearest(inMessage(name), names).map((name) => `"${name}"`).join(" or ") },
    });
  }

  setting(name: DatabricksSetting): string | undefined {
    return readKey(this.#document, settingsSection, name);
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

/** The value that Databricks' Go tools read there; `undefined` for an empty one too. */
export function readKey(document: IniDocument, section: string, key: string): string | undefined {
  const value = document.get(section, key) ??
    (section === defaultSection ? document.get("", key) : undefined);
  return unquoted(value ?? "") || undefined;
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
  if (profile.host === undefined) return undefined;
  try {
    const address = readAddress(profile.host);
    const accountId = profile.accountId ?? address.accountId;
    const workspaceId = profile.workspaceId ?? address.workspaceId;
    return {
      host: address.host,
      ...(accountId === undefined ? {} : { accountId }),
      ...(workspaceId === undefined || workspaceId === noWorkspace ? {} : { workspaceId }),
    };
  } catch (error) {
    if (error instanceof FobError) return undefined;
    throw error;
  }
}

function readProfile(document: IniDocument, name: string): DatabricksProfile {
  const text = <K extends string>(field: K, key: string): { [P in K]?: string } => {
    const value = readKey(document, name, key);
    return value === undefined ? {} : { [field]: value } as { [P in K]: string };
  };
  const secret = <K extends string>(field: K, key: string): { [P in K]?: Secret } => {
    const value = readKey(document, name, key);
    return value === undefined ? {} : { [field]: new Secret(value) } as { [P in K]: Secret };
  };
  const scopes = readKey(document, name, "scopes")?.split(/[\s,]+/).filter(Boolean);
  return {
    name,
    ...text("host", "host"),
    ...text("accountId", "account_id"),
    ...text("workspaceId", "workspace_id"),
    ...text("authType", "auth_type"),
    ...(scopes === undefined ? {} : { scopes }),
    ...text("clientId", "client_id"),
    ...text("cliPath", "databricks_cli_path"),
    ...secret("token", "token"),
    ...secret("clientSecret", "client_secret"),
    ...secret("password", "password"),
  };
}
