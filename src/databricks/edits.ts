import { FobError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { IniDocument } from "../text/ini.ts";
import {
  DatabricksProfiles,
  type DatabricksSetting,
  defaultSection,
  readKeys,
  settingsSection,
  signedIn,
} from "./config_file.ts";
import { findAddress } from "./host.ts";

/** The result of a user login for a profile. Contains no token. */
export interface DatabricksLogin {
  readonly name: string;
  /** Scheme, name and port, as `readAddress` returns it. */
  readonly host: string;
  readonly accountId?: string;
  readonly workspaceId?: string;
  readonly scopes?: readonly string[];
  /** The compute that runs the user's code. Replaces the other kind. */
  readonly compute?: { readonly cluster: string } | "serverless";
  /** Whether the login discovered the host. The keys for the previous host are then removed. */
  readonly discovered?: boolean;
}

/** The keys of all other authentication methods, from Databricks' Go SDK (config/config.go). */
const otherMethods = [
  "metadata_service_url",
  "token",
  "username",
  "password",
  "google_service_account",
  "google_credentials",
  "azure_workspace_resource_id",
  "azure_use_msi",
  "azure_client_secret",
  "azure_client_id",
  "azure_tenant_id",
  "azure_login_app_id",
  "client_id",
  "client_secret",
  "databricks_id_token_filepath",
  "oidc_token_env",
  "experimental_is_unified_host",
];

/** The keys that are valid for one host only. */
const hostKeys = ["account_id", "workspace_id", "cluster_id", "serverless_compute_id"];

/** The start of a new file, as Databricks' CLI writes it. */
const opening = "; The profile defined in the DEFAULT section is to be used as a fallback " +
  `when no profile is explicitly specified.\n[${defaultSection}]\n`;

/**
 * Returns the text with the section of a login:
 *
 * - existing keys keep their place
 * - new keys are added to the end of the section in the order of Databricks' CLI
 * - keys of other authentication methods are removed
 *
 * The first profile of a file becomes the default.
 *
 * @throws {FobError} `usage` for the reserved name, `config_invalid` for values that the file cannot represent.
 */
export function writeLogin(text: string, login: DatabricksLogin): string {
  assertFree(login.name);
  const isFirst = new DatabricksProfiles(text, "").names().length === 0;
  const document = IniDocument.parse(text === "" ? opening : text);
  const { discovered, compute, name } = login;
  const voided = [
    ...otherMethods,
    ...discovered ? hostKeys : [],
    ...compute === undefined ? [] : ["cluster_id", "serverless_compute_id"],
  ];
  const keys = keysOf(login, readKeys(document, name).get("host"));
  for (const key of voided) if (!keys.has(key)) unset(document, name, key);
  for (const [key, value] of keys) set(document, name, key, value);
  if (isFirst && readKeys(document, settingsSection).get("default_profile") === undefined) {
    document.set(settingsSection, "default_profile", name);
  }
  return document.toString();
}

/** A token that the user wants in the file in plaintext. */
export interface DatabricksToken {
  readonly name: string;
  readonly host: string;
  readonly token: Secret;
}

/**
 * Returns the text with a section that contains its token in plaintext, as `databricks configure` writes it. Keys of
 * other authentication methods are removed; the host, account and workspace are kept.
 *
 * @throws {FobError} like {@link writeLogin}.
 */
export function writeToken(text: string, { name, host, token }: DatabricksToken): string {
  assertFree(name);
  const isFirst = new DatabricksProfiles(text, "").names().length === 0;
  const document = IniDocument.parse(text === "" ? opening : text);
  const gone = [...otherMethods, "auth_type", "scopes", "databricks_cli_path"];
  for (const key of gone) if (key !== "token") unset(document, name, key);
  const current = findAddress(readKeys(document, name).get("host") ?? "");
  if (current?.host !== host) set(document, name, "host", host);
  set(document, name, "token", token.reveal());
  if (isFirst && readKeys(document, settingsSection).get("default_profile") === undefined) {
    document.set(settingsSection, "default_profile", name);
  }
  return document.toString();
}

/** Returns the text with the compute of a profile, which replaces the other kind. */
export function writeCompute(
  text: string,
  name: string,
  compute: NonNullable<DatabricksLogin["compute"]>,
): string {
  assertFree(name);
  const document = IniDocument.parse(text);
  const [key, value, other] = compute === "serverless"
    ? ["serverless_compute_id", "auto", "cluster_id"] as const
    : ["cluster_id", compute.cluster, "serverless_compute_id"] as const;
  unset(document, name, other);
  set(document, name, key, value);
  return document.toString();
}

/** Returns the keys to write. The same host in another spelling is kept, unless its query has more parts. */
function keysOf(login: DatabricksLogin, writtenHost = ""): Map<string, string> {
  const { host, accountId, workspaceId, scopes, compute } = login;
  const { host: written, ...more } = findAddress(writtenHost) ?? {};
  const isSame = written === host && Object.keys(more).length === 0;
  const keys: [string, string | undefined][] = [
    ["host", isSame ? writtenHost : host],
    ["cluster_id", typeof compute === "object" ? compute.cluster : undefined],
    ["serverless_compute_id", compute === "serverless" ? "auto" : undefined],
    ["account_id", accountId],
    ["workspace_id", workspaceId],
    ["scopes", scopes?.join(",")],
    ["auth_type", signedIn],
  ];
  return new Map(keys.filter((key): key is [string, string] => Boolean(key[1])));
}

/**
 * Returns the text without the profile, without the comments in its section or directly above it, and without a
 * `default_profile` that names it. The header and the comments of `DEFAULT` are kept.
 */
export function removeProfile(text: string, name: string): string {
  assertFree(name);
  const document = IniDocument.parse(text);
  if (name === defaultSection) {
    for (const section of ["", defaultSection]) {
      for (const key of document.entries(section).keys()) document.unset(section, key);
    }
  } else document.removeSection(name);
  if (readKeys(document, settingsSection).get("default_profile") === name) {
    document.unset(settingsSection, "default_profile");
  }
  return document.toString();
}

/**
 * Returns the text with `name` as the default profile.
 *
 * @throws {FobError} `unknown_profile` if the text has no such profile.
 */
export function setDefaultProfile(text: string, name: string): string {
  assertFree(name);
  new DatabricksProfiles(text, "").require(name);
  const document = IniDocument.parse(text);
  const key: DatabricksSetting = "default_profile";
  set(document, settingsSection, key, name);
  return document.toString();
}

/** Sets the value that tools read. Changes nothing if the value is the same, with or without quotes. */
function set(document: IniDocument, section: string, key: string, value: string): void {
  if (readKeys(document, section).get(key) === value) return;
  const isAbove = section === defaultSection && document.get(section, key) === undefined &&
    (document.get("", key) !== undefined || !document.has(section) && document.has(""));
  document.set(isAbove ? "" : section, key, value);
}

function unset(document: IniDocument, section: string, key: string): void {
  document.unset(section, key);
  if (section === defaultSection) document.unset("", key);
}

function assertFree(name: string): void {
  if (name === settingsSection) {
    throw new FobError("usage", `profile name "${settingsSection}" is reserved for internal use`);
  }
  if (name === "") throw new FobError("usage", "The profile name must not be empty");
}
