import { FobError } from "../errors.ts";
import { present } from "../present.ts";
import { Secret } from "../secret.ts";
import { shownName } from "../text/address.ts";
import { IniDocument } from "../text/ini.ts";
import { nearest } from "../text/nearest.ts";
import { type DatabricksAddress, findAddress } from "./host.ts";

/** A profile in `.databrickscfg`, unchanged. */
export interface DatabricksProfile {
  readonly name: string;
  readonly host?: string;
  readonly accountId?: string;
  /** {@link noWorkspace} for an account without a workspace. */
  readonly workspaceId?: string;
  /** {@link signedIn} for a user login, or the name of another authentication method. */
  readonly authType?: string;
  readonly scopes?: readonly string[];
  readonly clientId?: string;
  /** The environment variable or the file with a workload's identity token. */
  readonly identityVariable?: string;
  readonly identityFile?: string;
  /** The audience of the identity token. */
  readonly audience?: string;
  /** The program that SDKs run to get a token. */
  readonly cliPath?: string;
  /** Secrets in plaintext. */
  readonly token?: Secret;
  readonly clientSecret?: Secret;
  readonly password?: Secret;
}

/** `workspace_id` of a profile for an account without a workspace. */
const noWorkspace = "none";
/** `auth_type` of a profile with a user login. */
export const signedIn = "databricks-cli";
/** The section with settings, which is not a profile. */
export const settingsSection = "__settings__";
/** The section of the default profile. Keys above the first header belong to it. */
export const defaultSection = "DEFAULT";

/** A setting for all profiles. */
export type DatabricksSetting = "auth_storage" | "default_profile";

/** A snapshot of `.databrickscfg`. Any text is valid. */
export class DatabricksProfiles {
  readonly #document: IniDocument;
  /** The path of the file. */
  readonly path: string;

  constructor(text: string, path: string) {
    this.#document = IniDocument.parse(text);
    this.path = path;
  }

  names(): string[] {
    return this.all().map(({ name }) => name);
  }

  /** The sections with a host or an account, in file order. */
  all(): DatabricksProfile[] {
    const sections = this.#document.sections();
    const isInConfigFile = this.#document.has("") && !sections.includes(defaultSection);
    return [...isInConfigFile ? [defaultSection] : [], ...sections]
      .filter((name) => name !== settingsSection)
      .map((name) => readProfile(this.#document, name))
      .filter((profile) => profile !== undefined);
  }

  /** Whether a section with that name exists, with any content. */
  has(name: string): boolean {
    return this.#document.has(name) || name === defaultSection && this.#document.has("");
  }

  /** @throws {FobError} `usage` for the reserved name. */
  get(name: string): DatabricksProfile | undefined {
    if (name === settingsSection) {
      throw new FobError(
        "usage",
        `${settingsSection} is a reserved section name and cannot be used as a profile`,
      );
    }
    return readProfile(this.#document, name);
  }

  /** @throws {FobError} `unknown_profile` if no profile has that name. */
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
   * Returns the default profile: the value of `default_profile`, otherwise `DEFAULT` if it has a host. Throws
   * like {@link require} for a `default_profile` that does not exist.
   */
  byDefault(): DatabricksProfile | undefined {
    const chosen = this.setting("default_profile");
    if (chosen !== undefined) return this.require(chosen);
    const fallback = this.get(defaultSection);
    return fallback?.host === undefined ? undefined : fallback;
  }
}

/** Returns the keys of a section that have a value, with the value that Databricks' Go tools read. */
export function readKeys(document: IniDocument, section: string): Map<string, string> {
  const above = section === defaultSection ? document.entries("") : [];
  const keys = [...above, ...document.entries(section)];
  return new Map(
    [...new Map(keys)].map(([key, value]): [string, string] => [key, unquoted(value)])
      .filter(([, value]) => value !== ""),
  );
}

/** Removes one pair of quotes, as the Go tools do. The Python tools keep them. */
function unquoted(value: string): string {
  return /^(["'])(?:(?!\1).)*\1$/.test(value) && value.length > 1 ? value.slice(1, -1) : value;
}

/**
 * Returns the address of the profile, or `undefined` if its host is invalid. `account_id` and `workspace_id` take
 * precedence over the query of `host`.
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
