import type { EntryQuery } from "../helpers/tool_entry.ts";
import type { Place as Address } from "../profiles/place.ts";
import type { Profile } from "../profiles/profile.ts";
import type { Secret } from "../secret.ts";
import type { Environment } from "../system/environment.ts";
import type { System } from "../system/files/paths.ts";
import { secureOrigin } from "../text/address.ts";
import type { TomlValue } from "../text/formats/toml_format.ts";

/** Another tool that stores secrets in files: the paths of the files, and the secrets in them. */
export interface Source {
  /** The tool's name, as typed on the command line. */
  readonly tool: string;
  /** The files that the tool reads in `environment`, on `system`. Slashes are used on Windows too. */
  paths(environment: Environment, system?: System): string[];
  /**
   * Finds the secrets in the texts of {@link paths}, in their order. An absent file is an empty text.
   * `now` is in milliseconds since the epoch.
   *
   * @throws {FobError} `config_invalid` for a file in which secrets cannot be located reliably.
   */
  find(files: readonly ForeignText[], now: number): Finding[];
  /** Repairs the syntax of a text after secrets were cut out of it. */
  tidy?(text: string): string;
}

/** The place that a tool sends a credential to, by its address; `undefined` if it may not go there. */
export type PlaceOf = (address: string) => Address | undefined;

/** Readers that sources share. */
export interface SourceNeeds {
  readonly placeOf: PlaceOf;
  /** Reads a TOML text. Throws for any other text. */
  readonly readToml: (text: string) => readonly TomlValue[];
}

/** The entry under which a tool requests its own secret from fob. */
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
  /** Every place of this secret. */
  readonly places: readonly Place[];
  /** The profile that it would be stored for. */
  readonly profile?: Profile;
  /** The entry of the tool that it would be stored as, instead of a profile. */
  readonly entry?: FoundEntry;
  /** The reason not to migrate it. */
  readonly obstacle?: Obstacle;
  /** The address that `--take` must name, because the file names no profile for the login. */
  readonly offeredAs?: string;
  /** Milliseconds since the epoch, for an access token that cannot be refreshed; absent if unknown. */
  readonly expiresAt?: number;
}

export type SecretKind =
  | "access token"
  | "client secret"
  | "OAuth token"
  | "password"
  | "personal access token"
  | "refresh token";

/** The place of a secret: removing the text from `start` up to `end` removes it. */
export interface Place {
  readonly file: string;
  /** The key, as a user would search for it. */
  readonly key: string;
  /** Offsets in the text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** A reason not to migrate a secret. */
export type Obstacle =
  /** Programs that read the file interpret the value differently. */
  | "ambiguous"
  /** fob has another secret for the same entry, which may be newer. */
  | "another-kept"
  /** The token of an environment variable that was written to the file. It is not a login. */
  | "environment-token"
  | "expired"
  /** Only the client that it was issued to can use it, at a server that the file does not name. */
  | "foreign-refresh-token"
  | "name-taken"
  /** The host in the file is not an address that a token may be sent to. */
  | "no-address"
  | "no-name"
  /** fob does not store secrets of this kind. */
  | "unsupported";

/**
 * The profile for a token that another tool has under `name`, for `host` if the file names one. Characters that
 * are not valid in the name of a profile are replaced.
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

/** Reads the expiry of an access token, in RFC 3339. Empty if it is unknown. */
export function readExpiry(
  expiry: string | undefined,
  now: number,
): { readonly expiresAt?: number; readonly obstacle?: Obstacle } {
  const expiresAt = Date.parse(expiry ?? "");
  // Go writes the year 1 for a time that is not set.
  if (Number.isNaN(expiresAt) || new Date(expiresAt).getUTCFullYear() <= 1) return {};
  return expiresAt <= now ? { expiresAt, obstacle: "expired" } : { expiresAt };
}
