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

/** What a person's login says about a profile. No token is ever written here. */
export interface DatabricksLogin {
  readonly name: string;
  /** Scheme, name and port, as `readAddress` gives it. */
  readonly host: string;
  readonly accountId?: string;
  readonly workspaceId?: string;
  readonly scopes?: readonly string[];
  /** What runs the person's code: what was chosen takes the place of the other. */
  readonly compute?: { readonly cluster: string } | "serverless";
  /** Whether the host was found by the login: what the section says of another host is then void. */
  readonly discovered?: boolean;
}

/** The attributes of every other way to get tokens, as Databricks' Go SDK tags them (config/config.go). */
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

/** What belongs to one host. */
const hostKeys = ["account_id", "workspace_id", "cluster_id", "serverless_compute_id"];

/** How Databricks' CLI begins a file. */
const opening = "; The profile defined in the DEFAULT section is to be used as a fallback " +
  `when no profile is explicitly specified.\n[${defaultSection}]\n`;

/**
 * The text with the section of a login. Keys that are there keep their place, new ones go to the end of
 * the section in the order of Databricks' CLI, those of other ways to get tokens go; all others stay. The
 * first profile of a file becomes its default.
 *
 * @throws {FobError} `usage` for the name that is reserved, `config_invalid` for what no file can hold.
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

/** A token that a person brings along, and puts where everybody can read it who reads the file. */
export interface DatabricksToken {
  readonly name: string;
  readonly host: string;
  readonly token: Secret;
}

/**
 * The text with a section that has its token in clear, as `databricks configure` writes it: every other way to
 * get tokens goes, where it is for stays.
 *
 * @throws {FobError} as {@link writeLogin}.
 */
export function writeToken(text: string, { name, host, token }: DatabricksToken): string {
  assertFree(name);
  const isFirst = new DatabricksProfiles(text, "").names().length === 0;
  const document = IniDocument.parse(text === "" ? opening : text);
  const gone = [...otherMethods, "auth_type", "scopes", "databricks_cli_path"];
  for (const key of gone) if (key !== "token") unset(document, name, key);
  const stated = findAddress(readKeys(document, name).get("host") ?? "");
  if (stated?.host !== host) set(document, name, "host", host);
  set(document, name, "token", token.reveal());
  if (isFirst && readKeys(document, settingsSection).get("default_profile") === undefined) {
    document.set(settingsSection, "default_profile", name);
  }
  return document.toString();
}

/** The text with the compute of a profile, which takes the place of the other kind. */
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

/** What the section shall say. A host that is written another way, and says nothing else, stays so. */
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
 * The text without the profile and the comments that stand in its section or directly above it, and
 * without the default that names it. Of `DEFAULT` the header and the comments stay.
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
 * The text with `name` as the default profile.
 *
 * @throws {FobError} `unknown_profile` where the text has no such profile.
 */
export function setDefaultProfile(text: string, name: string): string {
  assertFree(name);
  new DatabricksProfiles(text, "").require(name);
  const document = IniDocument.parse(text);
  const key: DatabricksSetting = "default_profile";
  set(document, settingsSection, key, name);
  return document.toString();
}

/** Changes what is read there; nothing where that says the same, if in quotes. */
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
  if (name === "") throw new FobError("usage", "A profile's name cannot be empty");
}
