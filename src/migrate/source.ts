import type { EntryQuery } from "../helpers/tool_entry.ts";
import type { Place as Address } from "../profiles/place.ts";
import type { Profile } from "../profiles/profile.ts";
import type { Secret } from "../secret.ts";
import type { Environment } from "../system/environment.ts";
import type { System } from "../system/files/paths.ts";
import { secureOrigin } from "../text/address.ts";
import type { TomlValue } from "../text/formats/toml_format.ts";

/** Another tool that keeps secrets in files: where they are, and what is found in them. */
export interface Source {
  /** The tool's name, as a person types it. */
  readonly tool: string;
  /** The files that the tool would read in `environment`, on `system`. Slashes stand for backslashes too. */
  paths(environment: Environment, system?: System): string[];
  /**
   * What is found in the texts of {@link paths}, in their order; an absent file is an empty text.
   * `now` is in milliseconds since the epoch.
   *
   * @throws {FobError} `config_invalid` for a file whose secrets could not be told apart from the rest.
   */
  find(files: readonly ForeignText[], now: number): Finding[];
  /** Removes from a text that places were cut out of what keeps the tool from reading it. */
  tidy?(text: string): string;
}

/** Where a tool will send what it asks for, by the address that it says; `undefined` where nothing may go. */
export type PlaceOf = (address: string) => Address | undefined;

/** Readers that sources share. */
export interface SourceNeeds {
  readonly placeOf: PlaceOf;
  /** Reads a TOML text. Throws for any other text. */
  readonly readToml: (text: string) => readonly TomlValue[];
}

/** Under what a tool would ask fob for a secret of its own. */
export interface FoundEntry extends EntryQuery {
  readonly namesUsers: boolean;
}

/** The text of another tool's file. */
export interface ForeignText {
  readonly path: string;
  readonly text: string;
}

/** A secret in another tool's file. */
export interface Finding {
  readonly secret: Secret;
  readonly kind: SecretKind;
  /** Everywhere that this one secret stands. */
  readonly places: readonly Place[];
  /** The profile that it would be kept for. */
  readonly profile?: Profile;
  /** The entry of the tool's own that it would be kept as, in place of a profile's. */
  readonly entry?: FoundEntry;
  /** Why it is not taken. */
  readonly obstacle?: Obstacle;
  /** The address that must be named before it is taken: the file does not say whose login it is. */
  readonly offeredAs?: string;
  /** Milliseconds since the epoch; absent where the file does not say. Nothing can refresh it then. */
  readonly expiresAt?: number;
}

export type SecretKind =
  | "access token"
  | "client secret"
  | "OAuth token"
  | "password"
  | "personal access token"
  | "refresh token";

/** Where a secret stands, and what has to go for it to be gone: the text from `start` up to `end`. */
export interface Place {
  readonly file: string;
  /** The key as a person would look for it. */
  readonly key: string;
  /** Offsets in the text as JavaScript counts. */
  readonly start: number;
  readonly end: number;
}

/** Why a secret is not taken. */
export type Obstacle =
  /** Its readers do not agree about what is written there. */
  | "ambiguous"
  /** Fob keeps another secret for just that, which may be the newer one. */
  | "another-kept"
  /** An environment variable's token that was written to the file: nobody has signed in with it. */
  | "environment-token"
  | "expired"
  /** Only the client that it was issued to can use it, at a server that the file does not name. */
  | "foreign-refresh-token"
  | "name-taken"
  /** The host in the file is no address that a token may be sent to. */
  | "no-address"
  | "no-name"
  /** fob keeps tokens; this is something else. */
  | "unsupported";

/**
 * The profile for a token that another tool has under `name`, for `host` if the file says one. A name
 * that cannot name a profile is changed as little as needed.
 */
export function proposeProfile(
  name: string,
  host: string | undefined,
): { readonly profile: Profile } | { readonly obstacle: Obstacle } {
  const address = host === undefined ? undefined : secureOrigin(host);
  if (host !== undefined && address === undefined) return { obstacle: "no-address" };
  const fit = name.replace(/[^\p{L}\p{N}._@+-]+/gu, "-").replace(/^[^\p{L}\p{N}]+/u, "");
  if (fit === "") return { obstacle: "no-name" };
  const profile = { name: [...fit].slice(0, 64).join(""), provider: "token" };
  return { profile: address === undefined ? profile : { ...profile, host: address } };
}

/** What becomes of an access token that `expiry` is said of: RFC 3339, or nothing that is known. */
export function readExpiry(
  expiry: string | undefined,
  now: number,
): { readonly expiresAt?: number; readonly obstacle?: Obstacle } {
  const expiresAt = Date.parse(expiry ?? "");
  // Go writes the year 1 for a time that was never set.
  if (Number.isNaN(expiresAt) || new Date(expiresAt).getUTCFullYear() <= 1) return {};
  return expiresAt <= now ? { expiresAt, obstacle: "expired" } : { expiresAt };
}
