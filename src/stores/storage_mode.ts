import { FobError } from "../errors.ts";

/**
 * Where credentials are stored: in the system's keychain, in a file that only this user can read, or in the
 * file that a platform's own tools share (only for that platform).
 */
export type StorageMode = "secure" | "plaintext" | "legacy";

/** A mode and its source. Without a keychain, an explicit `secure` does not fall back to the file. */
export interface ChosenMode {
  readonly mode: StorageMode;
  readonly source: string;
  readonly explicit: boolean;
}

/** The value of a setting, and its source for messages: a variable, or a key in a file. */
export interface Setting {
  readonly value: string | undefined;
  readonly source: string;
  /** The values of another tool's setting and their modes; compared trimmed and without regard to case. */
  readonly words?: Readonly<Record<string, StorageMode>>;
}

const modes: Readonly<Record<string, StorageMode>> = {
  secure: "secure",
  plaintext: "plaintext",
  legacy: "legacy",
};

/**
 * The first of `settings` that is set, else `secure` by default.
 *
 * @throws {FobError} `config_invalid` for an unknown mode, with its source.
 */
export function chooseStorageMode(settings: readonly Setting[]): ChosenMode {
  for (const { value = "", source, words } of settings) {
    const word = words === undefined ? value : value.trim().toLowerCase();
    if (word === "") continue;
    const known = words ?? modes;
    const mode = Object.hasOwn(known, word) ? known[word] : undefined;
    if (mode !== undefined) return { mode, source, explicit: true };
    const shown = value.slice(0, 40);
    throw new FobError(
      "config_invalid",
      `Unknown storage mode "${shown}" in ${source} (allowed: ${Object.keys(known).join(", ")})`,
      { facts: { mode: shown, source } },
    );
  }
  return { mode: "secure", source: "default", explicit: false };
}

/**
 * The source of the first of `settings` that forbids plaintext. One is enough: no other can override it.
 *
 * @throws {FobError} `config_invalid` for a value that is not a boolean.
 */
export function plaintextRefusalSource(settings: readonly Setting[]): string | undefined {
  return settings.find((setting) =>
    setting.value !== undefined && parseBoolean(setting.value, setting.source)
  )?.source;
}

/** Parses a boolean. Throws `config_invalid`, with `source`, for any other value. */
export function parseBoolean(value: string, source: string): boolean {
  if (/^(1|true|yes|y|on)$/i.test(value)) return true;
  if (/^(0|false|no|n|off|)$/i.test(value)) return false;
  throw new FobError(
    "config_invalid",
    `Invalid value "${value.slice(0, 40)}" in ${source} (allowed: true, false)`,
  );
}
